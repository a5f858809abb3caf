import { counter, type Sample, sample } from '../../exposition/metric.ts';
import { stringProperty } from '../../formats/json.ts';
import { elements } from '../elements.ts';
import { isKubeletCondition, KUBELET_CONDITIONS } from '../nodes/kubelet-status.ts';
import type { KubeNode, NodeCondition } from '../objects.ts';
import { parseTime } from '../time.ts';
import type { Change, Observer, Watcher } from '../watcher.ts';

const STATUSES: readonly string[] = ['True', 'False', 'Unknown'];

export const transitions = counter(
  'foreshock_node_condition_transitions_total',
  'Number of transitions of a node condition to this status.',
  ['node', 'condition', 'status'],
);

interface Condition {
  readonly status: string;
  /** The lastTransitionTime, in seconds of Unix time. */
  readonly since: number | undefined;
  /** Transitions to each of `STATUSES`. */
  readonly counts: readonly number[];
}

class Conditions implements Observer {
  /** By node, then by type. */
  readonly #nodes = new Map<string, Map<string, Condition>>();

  readonly observe = {
    nodes: ({ type, id, object }: Change<'nodes'>) => {
      if (type === 'deleted') this.#nodes.delete(id.name);
      else this.#update(id.name, object);
    },
  };

  *samples(): Iterable<Sample> {
    for (const [node, conditions] of this.#nodes) {
      for (const condition of KUBELET_CONDITIONS) {
        const counts = conditions.get(condition)?.counts;
        for (const [index, status] of STATUSES.entries()) {
          yield sample(transitions, counts?.[index] ?? 0, { node, condition, status });
        }
      }
    }
  }

  #update(node: string, object: KubeNode): void {
    const known = this.#nodes.get(node) ?? new Map<string, Condition>();
    this.#nodes.set(node, known);
    for (const condition of elements(object.status?.conditions)) {
      if (!isKubeletCondition(condition.type)) continue;
      const next = nextCondition(known.get(condition.type), condition);
      if (next) known.set(condition.type, next);
    }
  }
}

/** Adds a transition if the status has changed, or has changed and changed back. The first status is no transition. */
function nextCondition(last: Condition | undefined, condition: NodeCondition): Condition | undefined {
  const status = stringProperty(condition, 'status') ?? '';
  const index = STATUSES.indexOf(status);
  if (index === -1) return last;
  const since = parseTime(condition.lastTransitionTime);
  if (!last) return { status, since, counts: STATUSES.map(() => 0) };
  if (status === last.status && !isLater(since, last.since)) return last;
  return { status, since, counts: last.counts.with(index, (last.counts[index] ?? 0) + 1) };
}

/** False if either time is unknown. */
function isLater(time = Number.NEGATIVE_INFINITY, than = Number.POSITIVE_INFINITY): boolean {
  return time > than;
}

export const conditions: Watcher = {
  name: 'conditions',
  help: 'transitions of the node conditions that the kubelet sets',
  description:
    'Counted in a watch of nodes since the exporter first saw the node, so a transition between two scrapes is not ' +
    'missed; all transitions to a status during an interruption of the watch count as one.',
  metrics: [transitions],
  resources: ['nodes'],
  start: () => new Conditions(),
};

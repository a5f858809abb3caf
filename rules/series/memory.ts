import { pressure } from '../../exporter/node/collectors/reclaim.ts';
import { OWNER_LABELS } from '../../exporter/node/containers/container.ts';
import type { Expressions } from '../expressions.ts';
import { promql } from '../promql.ts';
import type { RecordingRule } from '../signature.ts';
import type { Texts } from '../texts.ts';

/** The share of memory that can be had without swapping: MemAvailable, or by the kubelet's own arithmetic. */
export const MEMORY_AVAILABLE = 'node:memory_available_per_total:ratio';

/** Bytes of swap space. */
export const SWAP = 'node:node_memory_SwapTotal_bytes:max';

/** Of nodes that are short of memory, the three containers that have most of it. */
export const LARGEST_CONTAINERS = 'node_namespace_pod_container:container_memory_working_set_bytes:topk3';

/** Containers that wait for memory for more than a tenth of the time, and for which share of it. */
export const MEMORY_WAIT = 'node_namespace_pod_container:foreshock_container_memory_pressure_seconds:irate2m';

/** How much memory is available, and who has it where it is less than `short`, a share of all. */
export function memory({ nodeLabels, perNode, perTarget, selectors }: Expressions, short: number): RecordingRule[] {
  const ofNodeExporter = (name: string) => `node_memory_${name}_bytes{${selectors.node_exporter}}`;
  // cAdvisor falls silent before the node does.
  const workingSets = `last_over_time(container_memory_working_set_bytes{${selectors.kubelet},container!="",container!="POD"}[5m])`;
  return [
    {
      record: MEMORY_AVAILABLE,
      expr: promql`
        ${perTarget(`${ofNodeExporter('MemAvailable')} / ${ofNodeExporter('MemTotal')}`)}
        or on (${nodeLabels})
        1 - (
          ${perTarget(`container_memory_working_set_bytes{${selectors.kubelet},id="/"}`)}
          /
          ${perTarget(`machine_memory_bytes{${selectors.kubelet}}`)}
        )`,
    },
    { record: SWAP, expr: perTarget(ofNodeExporter('SwapTotal')) },
    {
      record: LARGEST_CONTAINERS,
      expr: promql`
        topk by (${nodeLabels}) (3,
          ${perTarget(workingSets, ...OWNER_LABELS)}
        )
        and on (${nodeLabels})
        ${MEMORY_AVAILABLE} < ${short}`,
    },
    {
      record: MEMORY_WAIT,
      expr: promql`${perNode(promql`irate(${pressure}{kind="some"}[2m])`, ...OWNER_LABELS)} > 0.1`,
    },
  ];
}

/** Names the container that had most memory within a window, or else the one that waited longest for it. */
export function memoryCulprit(texts: Texts, window: string): string {
  const most = (record: string) => (node: string) => `topk(1, max_over_time(${record}{${node}}[${window}]))`;
  const owner = texts.owner('.Labels');
  return texts.lookup(
    most(LARGEST_CONTAINERS),
    `Largest is container ${owner} with {{ .Value | humanize1024 }}B. `,
    texts.lookup(
      most(MEMORY_WAIT),
      `Container ${owner} waits for memory most, {{ .Value | humanizePercentage }} of the time. `,
    ),
  );
}

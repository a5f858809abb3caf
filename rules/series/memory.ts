import * as reclaim from '../../exporter/node/collectors/reclaim.ts';
import { OWNER_LABELS } from '../../exporter/node/containers/container.ts';
import type { Expressions } from '../expressions.ts';
import type { PrometheusDuration } from '../format.ts';
import { ofSeries } from '../labels.ts';
import { promql } from '../promql.ts';
import type { RecordingRule } from '../signature.ts';
import type { Texts } from '../texts.ts';

/** Share of memory that is available without swapping: MemAvailable, or as the kubelet calculates it. */
export const MEMORY_AVAILABLE = 'node:memory_available_per_total:ratio';

/** Bytes of swap space. */
export const SWAP = 'node:node_memory_SwapTotal_bytes:max';

/** The three containers with the most memory, on nodes that are short of it. */
export const LARGEST_CONTAINERS = 'node_namespace_pod_container:container_memory_working_set_bytes:topk3';

/** Share of the time that containers wait for memory, where it is more than a tenth. */
export const MEMORY_WAIT = 'node_namespace_pod_container:foreshock_container_memory_pressure_seconds:irate2m';

/** Available memory, and the largest containers where it is below `short`, a share of the total. */
export function memory({ nodeLabels, perNode, perTarget, selectors }: Expressions, short: number): RecordingRule[] {
  const ofNodeExporter = (name: string) => `node_memory_${name}_bytes{${selectors.node_exporter}}`;
  // cAdvisor stops answering before the node does.
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
      expr: promql`${perNode(promql`irate(${reclaim.pressure}{kind="some"}[2m])`, ...OWNER_LABELS)} > 0.1`,
    },
  ];
}

/** Names the container that had the most memory within a window, or else the one that waited longest for it. */
export function memoryCulprit(texts: Texts, window: PrometheusDuration): string {
  const most = (record: string) => (node: string) => `topk(1, max_over_time(${record}{${node}}[${window}]))`;
  const owner = texts.owner(ofSeries);
  return texts.lookup(
    most(LARGEST_CONTAINERS),
    `Container ${owner} uses the most memory, {{ .Value | humanize1024 }}B. `,
    texts.lookup(
      most(MEMORY_WAIT),
      `Container ${owner} waits for memory most, {{ .Value | humanizePercentage }} of the time. `,
    ),
  );
}

import type { Metric } from '../exporter/exposition/metric.ts';
import { OWNER_LABELS } from '../exporter/node/containers/container.ts';
import { expressionsOf, TARGET_NODE } from '../rules/expressions.ts';
import { promql } from '../rules/promql.ts';
import { DEFAULT_SETTINGS } from '../rules/settings.ts';

export const { perNode, selectors } = expressionsOf(DEFAULT_SETTINGS);

/** Matchers of the chosen clusters; a series without the label matches as long as all are chosen. */
export const CLUSTER = 'cluster=~"$cluster"';

/** Matchers of the chosen node. */
export const NODE = `${CLUSTER},node="$node"`;

/** What targets of node_exporter and the kubelet say about the chosen node. */
export function ofTarget(expr: string, ...labels: readonly string[]): string {
  return promql`
    max by (${['cluster', 'node', ...labels].join(', ')}) (
      ${expr}
      * on (cluster, instance) group_left (node)
      ${TARGET_NODE}{${NODE}}
    )`;
}

/** With a label `owner`: namespace/pod/container, or the name of a Docker container, or else what `more` labels say. */
export function withOwner(expr: string, ...more: readonly string[]): string {
  const labels = [...OWNER_LABELS, ...more].map((label) => `"${label}"`).join(', ');
  return promql`
    label_replace(
      label_join(
        ${expr},
        "owner", "/", ${labels}
      ),
      "owner", "$1", "owner", "/*(.+?)/*"
    )`;
}

/** The results that were largest at any time of the chosen range, rather than others at each moment. */
export function largest(count: number, series: string): string {
  return promql`
    ${series}
    and
    topk(${count}, max_over_time(${series}[$__range] @ end()))`;
}

/** What that share of the observations of a histogram stays below, in each step. */
export function quantile(share: number, histogram: Metric, matchers: string): string {
  const rates = perNode(promql`rate(${histogram}_bucket{${matchers}}[$__rate_interval])`, 'le');
  return promql`histogram_quantile(${share}, ${rates})`;
}

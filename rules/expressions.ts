import { promql } from './promql.ts';
import type { Settings } from './settings.ts';

/** Expressions in the labels and selectors of the user's Prometheus. */
export interface Expressions {
  /** The name of the label `cluster`. */
  readonly cluster: string;
  /** The name that the label `node` has on targets. */
  readonly targetNode: string;
  /** `cluster, node`, for `on (…)` and `by (…)`. */
  readonly nodeLabels: string;
  /** Label matchers of the jobs, without braces. */
  readonly selectors: Settings['selectors'];
  /** `max by (cluster, node, …labels) (expr)`, whatever the node label of targets is called and however often they are scraped. */
  perNode(expr: string, ...labels: readonly string[]): string;
  /** The same for metrics of node_exporter and the kubelet, which have the label `instance` and may lack `node`. */
  perTarget(expr: string, ...labels: readonly string[]): string;
}

/** The node of each target of node_exporter and the kubelet, by cluster and instance; always 1. */
export const TARGET_NODE = 'instance_node:foreshock_target:info';

export function expressionsOf({ labels, selectors }: Settings): Expressions {
  const { cluster } = labels;
  const maxBy = (names: readonly string[], expr: string) =>
    expr.includes('\n')
      ? promql`
          max by (${names.join(', ')}) (
            ${expr}
          )`
      : promql`max by (${names.join(', ')}) (${expr})`;
  // Series about many nodes have their own label `node`; the label of their target names the node that it runs on.
  const withNode = (expr: string) =>
    labels.node === 'node'
      ? expr
      : promql`label_replace(label_join(${expr}, "node", ";", "node", "${labels.node}"), "node", "$1", "node", ";?([^;]*).*")`;
  return {
    cluster,
    targetNode: labels.node,
    nodeLabels: `${cluster}, node`,
    selectors,
    perNode: (expr, ...more) => maxBy([cluster, 'node', ...more], withNode(expr)),
    perTarget: (expr, ...more) =>
      maxBy(
        [cluster, 'node', ...more],
        promql`
          ${maxBy([cluster, 'instance', ...more], expr)}
          * on (${cluster}, instance) group_left (node)
          ${TARGET_NODE}`,
      ),
  };
}

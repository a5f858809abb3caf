import { promql } from './promql.ts';
import type { Settings } from './settings.ts';

/** Expressions in the labels and selectors of the user's Prometheus. */
export interface Expressions {
  /** The name of the label `cluster`. */
  readonly cluster: string;
  /** The name that the label `node` has on targets. */
  readonly targetNode: string;
  /** `cluster, node`, for `on (…)` and `by (…)` where both are there. */
  readonly nodeLabels: string;
  /** Label matchers of a job, without braces. */
  readonly selectors: Settings['selectors'];
  /** `max by (cluster, node, …labels) (expr)`: whatever a node's label is called, and however often it is scraped. */
  perNode(expr: string, ...labels: readonly string[]): string;
  /** The same of what has the label `instance` and perhaps no `node`: node_exporter's metrics and the kubelet's. */
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
  // What tells of many nodes has the label `node` itself; its target is named after the node that it runs on.
  const named = (expr: string) =>
    labels.node === 'node'
      ? expr
      : promql`label_replace(label_join(${expr}, "node", ";", "node", "${labels.node}"), "node", "$1", "node", ";?([^;]*).*")`;
  return {
    cluster,
    targetNode: labels.node,
    nodeLabels: `${cluster}, node`,
    selectors,
    perNode: (expr, ...more) => maxBy([cluster, 'node', ...more], named(expr)),
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

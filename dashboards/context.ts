import type { Metric } from '../exporter/exposition/metric.ts';
import { type Expressions, expressionsOf, TARGET_NODE } from '../rules/expressions.ts';
import { type ThresholdInForce, thresholdOf } from '../rules/pack.ts';
import { promql } from '../rules/promql.ts';
import type { Settings } from '../rules/settings.ts';
import type { ThresholdKey } from '../rules/signatures/index.ts';

/** For building dashboards: expressions in the labels and selectors of the user's Prometheus, and the thresholds in force. */
export interface DashboardContext extends Expressions {
  /** Label matchers of the chosen clusters; series without the label match as long as all are chosen. */
  readonly chosenClusters: string;
  /** Label matchers of the chosen node, for recorded series and for metrics that the cluster role exports. */
  readonly chosenNode: string;
  /** The same for metrics that the node role exports, where the label of the target names the node. */
  readonly chosenTarget: string;
  /** A metric that both roles export, for the chosen node. */
  perNodeOfBothRoles(metric: Metric): string;
  /** Metrics of node_exporter and the kubelet, which have the label `instance`, for the chosen node. */
  perChosenTarget(expr: string, ...labels: readonly string[]): string;
  threshold(key: ThresholdKey): ThresholdInForce;
}

export function contextOf(settings: Settings): DashboardContext {
  const expressions = expressionsOf(settings);
  const { cluster, nodeLabels, perNode, targetNode } = expressions;
  const chosenClusters = `${cluster}=~"$cluster"`;
  const chosenNode = `${chosenClusters},node="$node"`;
  const chosenTarget = `${chosenClusters},${targetNode}="$node"`;
  return {
    ...expressions,
    chosenClusters,
    chosenNode,
    chosenTarget,
    perNodeOfBothRoles: (metric) => {
      const ofClusterRole = perNode(promql`${metric}{${chosenNode}}`);
      if (targetNode === 'node') return ofClusterRole;
      return promql`
        ${ofClusterRole}
        or
        ${perNode(promql`${metric}{${chosenTarget},node=""}`)}`;
    },
    perChosenTarget: (expr, ...labels) => promql`
      max by (${[nodeLabels, ...labels].join(', ')}) (
        ${expr}
        * on (${cluster}, instance) group_left (node)
        ${TARGET_NODE}{${chosenNode}}
      )`,
    threshold: (key) => thresholdOf(key, settings),
  };
}

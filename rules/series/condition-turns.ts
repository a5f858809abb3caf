import { transitions } from '../../exporter/cluster/watchers/conditions.ts';
import type { Expressions } from '../expressions.ts';
import { promql } from '../promql.ts';

/**
 * How often a condition of each node turned to a status within a range: by the watch, which misses none, or else as often
 * as scrapes of kube-state-metrics saw it, to which each turn is two changes.
 */
export function turnsTo(
  condition: 'Ready' | 'DiskPressure',
  status: 'True' | 'Unknown',
  range: string,
  { perNode, nodeLabels, selectors }: Expressions,
): string {
  const known = `${selectors.kube_state_metrics},condition="${condition}",status="${status.toLowerCase()}"`;
  return promql`
    round(${perNode(promql`increase(${transitions}{condition="${condition}",status="${status}"}[${range}])`)})
    or on (${nodeLabels})
    ceil(${perNode(`changes(kube_node_status_condition{${known}}[${range}])`)} / 2)`;
}

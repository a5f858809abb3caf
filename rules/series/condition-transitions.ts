import * as conditions from '../../exporter/cluster/watchers/conditions.ts';
import type { Expressions } from '../expressions.ts';
import type { PrometheusDuration } from '../format.ts';
import { promql } from '../promql.ts';

/**
 * Transitions of a condition of each node to a status within a range: as the cluster role counts them, which misses none,
 * or else as scrapes of kube-state-metrics saw them, to which each transition is two changes.
 */
export function conditionTransitions(
  condition: 'Ready' | 'DiskPressure',
  status: 'True' | 'Unknown',
  range: PrometheusDuration,
  { perNode, nodeLabels, selectors }: Expressions,
): string {
  const counted = promql`${conditions.transitions}{condition="${condition}",status="${status}"}`;
  const scraped = `kube_node_status_condition{${selectors.kube_state_metrics},condition="${condition}",status="${status.toLowerCase()}"}`;
  return promql`
    round(${perNode(`increase(${counted}[${range}])`)})
    or on (${nodeLabels})
    ceil(${perNode(`changes(${scraped}[${range}])`)} / 2)`;
}

import { watchers } from '../../exporter/cluster/watchers/index.ts';
import * as collectorMetrics from '../../exporter/exposition/collector-metrics.ts';
import * as daemons from '../../exporter/node/collectors/daemons.ts';
import { ruleGroups } from '../pack.ts';
import { promql } from '../promql.ts';
import type { Settings } from '../settings.ts';
import { evaluationFailures } from './evaluation.ts';
import type { Finding } from './finding.ts';
import { missingForeshockMetrics, missingForeshockTargets, missingUpstreamMetrics } from './metrics.ts';
import { alertsByMetric } from './needs.ts';
import { nodeMismatches } from './nodes.ts';
import type { Query } from './prometheus.ts';
import { renamedLabels } from './renamed-labels.ts';

/** What a Prometheus lacks for the rules with these settings. */
export async function check(query: Query, settings: Settings): Promise<Finding[]> {
  const groups = ruleGroups(settings);
  const needs = alertsByMetric(groups);
  const kubernetes = await isKubernetes(query, settings.selectors);
  const renamed = await renamedLabels(query);
  return [
    ...(await missingForeshockMetrics(query, needs, kubernetes)),
    ...(await missingForeshockTargets(query, settings.selectors)),
    ...renamed,
    // Renamed labels give nodes wrong names: no need to report both.
    ...(renamed.length > 0 ? [] : await nodeMismatches(query, settings)),
    ...(await missingUpstreamMetrics(query, needs, settings.selectors, kubernetes)),
    ...(await evaluationFailures(query, groups)),
  ];
}

/** Whether any of the hosts is a Kubernetes node: plain Docker hosts need no metrics of Kubernetes. */
async function isKubernetes(query: Query, { kubelet, kube_state_metrics }: Settings['selectors']): Promise<boolean> {
  const ofCluster = watchers.map(({ name }) => name).join('|');
  const signs = promql`
    count(${collectorMetrics.success}{collector=~"${ofCluster}"})
    or count(${daemons.runDelay}{daemon="kubelet"})
    or count(kubelet_node_name{${kubelet}})
    or count(kube_node_info{${kube_state_metrics}})`;
  return (await query(signs)).length > 0;
}

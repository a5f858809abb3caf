import { watchers } from '../../exporter/cluster/watchers/index.ts';
import { success } from '../../exporter/exposition/collector-metrics.ts';
import { runDelay } from '../../exporter/node/collectors/daemons.ts';
import { ruleGroups } from '../pack.ts';
import { promql } from '../promql.ts';
import type { Settings } from '../settings.ts';
import { evaluation } from './evaluation.ts';
import type { Finding } from './finding.ts';
import { ownMetrics, ownTargets, upstreamMetrics } from './metrics.ts';
import { neededBy } from './needs.ts';
import { nodes } from './nodes.ts';
import type { Query } from './prometheus.ts';
import { renamedLabels } from './renamed-labels.ts';

/** What a Prometheus lacks for the rules of these settings. */
export async function check(query: Query, settings: Settings): Promise<Finding[]> {
  const groups = ruleGroups(settings);
  const needs = neededBy(groups);
  const kubernetes = await isKubernetes(query, settings.selectors);
  const renamed = await renamedLabels(query);
  return [
    ...(await ownMetrics(query, needs, kubernetes)),
    ...(await ownTargets(query, settings.selectors)),
    ...renamed,
    // Nodes under wrong names would only be told twice.
    ...(renamed.length > 0 ? [] : await nodes(query, settings)),
    ...(await upstreamMetrics(query, needs, settings.selectors, kubernetes)),
    ...(await evaluation(query, groups)),
  ];
}

/** Whether any of the hosts is a node: on plain Docker hosts nothing of Kubernetes is missing. */
async function isKubernetes(query: Query, { kubelet, kube_state_metrics }: Settings['selectors']): Promise<boolean> {
  const ofCluster = watchers.map(({ name }) => name).join('|');
  const signs = promql`
    count(${success}{collector=~"${ofCluster}"})
    or count(${runDelay}{daemon="kubelet"})
    or count(kubelet_node_name{${kubelet}})
    or count(kube_node_info{${kube_state_metrics}})`;
  return (await query(signs)).length > 0;
}

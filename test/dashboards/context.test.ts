import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contextOf } from '../../dashboards/context.ts';
import { success } from '../../exporter/exposition/collector-metrics.ts';
import { DEFAULT_SETTINGS } from '../../rules/settings.ts';

const withLabels = (cluster: string, node: string) => contextOf({ ...DEFAULT_SETTINGS, labels: { cluster, node } });

test('the chosen node is matched in the labels of the user', () => {
  const { chosenClusters, chosenNode, chosenTarget } = withLabels('k8s_cluster', 'host');
  assert.equal(chosenClusters, 'k8s_cluster=~"$cluster"');
  assert.equal(chosenNode, 'k8s_cluster=~"$cluster",node="$node"');
  assert.equal(chosenTarget, 'k8s_cluster=~"$cluster",host="$node"');
});

test('a metric of both roles is in the label of each, where these differ', () => {
  const same = withLabels('cluster', 'node').perNodeOfBothRoles(success);
  assert.equal(same, 'max by (cluster, node) (foreshock_collector_success{cluster=~"$cluster",node="$node"})');
  const [ofCluster, or, ...ofNode] = withLabels('cluster', 'host').perNodeOfBothRoles(success).split('\n');
  assert.deepEqual([ofCluster?.includes('node="$node"'), or], [true, 'or']);
  assert.match(ofNode.join('\n'), /foreshock_collector_success\{cluster=~"\$cluster",host="\$node",node=""\}/);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nodeMismatches } from '../../../rules/check/nodes.ts';
import type { Series } from '../../../rules/check/prometheus.ts';
import { DEFAULT_SETTINGS } from '../../../rules/settings.ts';

/** Answers by the exporter that an expression is about. */
function answering(nodesOf: Readonly<Record<string, readonly string[]>>) {
  return async (expr: string): Promise<Series[]> => {
    // The expression about node_exporter reads kube-state-metrics and the kubelet too.
    const source = ['node_uname_info', 'kube_node_info', 'kubelet_node_name', 'collector_success', 'lease_renew'].find(
      (name) => expr.includes(name),
    );
    return (nodesOf[source ?? ''] ?? []).map((node) => ({ labels: { node, instance: `${node}:1` }, value: 1 }));
  };
}

test('of 1000 nodes that do not match the first five are named', async () => {
  const numbered = (prefix: string) =>
    Array.from({ length: 1000 }, (_, index) => `${prefix}${String(index).padStart(3, '0')}`);
  const findings = await nodeMismatches(
    answering({ kube_node_info: numbered('n'), collector_success: numbered('ip'), node_uname_info: numbered('n') }),
    DEFAULT_SETTINGS,
  );
  assert.deepEqual(
    findings.map(({ what }) => what),
    [
      '`foreshock node` has nodes that kube-state-metrics does not know: ip000, ip001, ip002, ip003, ip004 and 995 more; ' +
        'it lacks 1000 of the 1000 nodes of kube-state-metrics: n000, n001, n002, n003, n004 and 995 more',
    ],
  );
});

test('targets without a node are named by their address', async () => {
  const [finding] = await nodeMismatches(answering({ collector_success: [''] }), DEFAULT_SETTINGS);
  assert.match(finding?.what ?? '', /^1 target of `foreshock node` without the label `node`: :1$/);
});

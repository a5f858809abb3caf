import assert from 'node:assert/strict';
import { test } from 'node:test';
import { check } from '../../../rules/check/check.ts';
import type { Query } from '../../../rules/check/prometheus.ts';
import { DEFAULT_SETTINGS } from '../../../rules/settings.ts';

/** The findings of a Prometheus that answers these expressions with one series of a node each, and all others with none. */
async function findingsWith(...answered: RegExp[]): Promise<string[]> {
  const query: Query = async (expr) =>
    answered.some((pattern) => pattern.test(expr)) ? [{ labels: { node: '', instance: 'a:1' }, value: 1 }] : [];
  return (await check(query, DEFAULT_SETTINGS)).map(({ level, what }) => `${level}: ${what}`);
}

const WITHOUT_NODE = 'missing: 1 target of node_exporter without the label `node`: a:1';

test('an empty Prometheus lacks all that hosts need, and for Kubernetes more', async () => {
  const plain = await findingsWith();
  assert.equal(plain.filter((finding) => finding === 'missing: no metrics of `foreshock node`').length, 1);
  const ofCluster = 'no metrics of `foreshock cluster`';
  assert.ok(plain.includes(`note: ${ofCluster}`));
  // The expression by which Kubernetes is known.
  const kubernetes = await findingsWith(/or count\(kube_node_info/);
  assert.ok(kubernetes.includes(`missing: ${ofCluster}`));
});

test('labels that were renamed give nodes wrong names, which is not told as well', async () => {
  assert.ok((await findingsWith(/node_uname_info/)).includes(WITHOUT_NODE));
  const findings = await findingsWith(/node_uname_info/, /exported_node/);
  assert.ok(findings.some((finding) => finding.includes('renamed the label `node`')));
  assert.ok(!findings.includes(WITHOUT_NODE));
});

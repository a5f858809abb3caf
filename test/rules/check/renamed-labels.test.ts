import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renamedLabels } from '../../../rules/check/renamed-labels.ts';

test('each label of ours that was renamed is one finding, with how many series it costs', async () => {
  const findings = await renamedLabels(async (expr) =>
    /exported_(node|pod)!=/.test(expr) ? [{ labels: {}, value: expr.includes('node') ? 7 : 3 }] : [],
  );
  assert.deepEqual(
    findings.map(({ level, what }) => [level, what]),
    [
      ['missing', 'Prometheus renamed the label `node` of 7 series of Foreshock to `exported_node`'],
      ['missing', 'Prometheus renamed the label `pod` of 3 series of Foreshock to `exported_pod`'],
    ],
  );
});

test('a Prometheus that renamed none has no findings', async () => {
  assert.deepEqual(await renamedLabels(async () => []), []);
});

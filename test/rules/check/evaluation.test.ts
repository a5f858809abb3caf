import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evaluationFailures } from '../../../rules/check/evaluation.ts';
import { QueryError } from '../../../rules/check/prometheus.ts';
import { ruleGroups } from '../../../rules/pack.ts';
import { DEFAULT_SETTINGS } from '../../../rules/settings.ts';

test('rules that fail with the same message are one finding', async () => {
  const findings = await evaluationFailures(async (expr) => {
    if (expr.includes('node_disk_io_time')) throw new QueryError('many-to-many matching not allowed');
    return [];
  }, ruleGroups(DEFAULT_SETTINGS));
  assert.deepEqual(
    findings.map(({ what }) => what),
    ['Prometheus cannot evaluate ForeshockNodeDiskStall: many-to-many matching not allowed'],
  );
});

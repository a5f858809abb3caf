import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ruleGroups } from '../../../rules/pack.ts';
import { DEFAULT_SETTINGS } from '../../../rules/settings.ts';
import { defineSignature } from '../../../rules/signature.ts';
import {
  type AlertName,
  type SignatureId,
  signatures,
  type ThresholdKey,
  type ThresholdName,
} from '../../../rules/signatures/index.ts';

// The build fails as soon as one of the misspelt names below compiles.
// @ts-expect-error
const NO_ID: SignatureId = 'log-strom';
// @ts-expect-error
const NO_ALERT: AlertName = 'ForeshockContainerLogStrom';
// @ts-expect-error
const NO_KEY: ThresholdKey = 'log-storm.log_byte_per_second';
// @ts-expect-error: of another signature.
const NO_NAME: ThresholdName<'heartbeat'> = 'log_bytes_per_second';

test('names of signatures, alerts and thresholds are types: a typo does not compile', () => {
  const ids: readonly SignatureId[] = signatures.map(({ id }) => id);
  const alerts = ruleGroups(DEFAULT_SETTINGS).flatMap((group) => group.alerts.map(({ name }) => name));
  const keys = signatures.flatMap(({ id, thresholds }) => Object.keys(thresholds).map((name) => `${id}.${name}`));
  const right: [SignatureId, AlertName, ThresholdKey] = [
    'log-storm',
    'ForeshockContainerLogStorm',
    'log-storm.log_bytes_per_second',
  ];
  assert.deepEqual([ids.includes(right[0]), alerts.includes(right[1]), keys.includes(right[2])], [true, true, true]);
  assert.deepEqual([ids.includes(NO_ID), alerts.includes(NO_ALERT), keys.includes(NO_KEY)], [false, false, false]);
  assert.ok(!keys.includes(`heartbeat.${NO_NAME}`));
});

test('a signature keeps its names in its type', () => {
  const signature = defineSignature({
    id: 'noise',
    title: 'A loud fan',
    story: 'Not a story.',
    thresholds: { decibels: { default: 60, unit: 'count', help: 'Healthy: below 40.' } },
    rules: ({ thresholds }) => ({
      records: [
        // @ts-expect-error: no such threshold.
        { record: 'node:noise:max', expr: `noise > ${thresholds.decibel}` },
      ],
      alerts: [],
    }),
  });
  const id: 'noise' = signature.id;
  const names: 'decibels'[] = ['decibels'];
  assert.deepEqual([id, Object.keys(signature.thresholds)], ['noise', names]);
});

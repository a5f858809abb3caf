import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contextOf } from '../../dashboards/context.ts';
import type { DashboardSource } from '../../dashboards/dashboard.ts';
import type { Column, Panel, Query } from '../../dashboards/panel.ts';
import { DEFAULT_SETTINGS } from '../../rules/settings.ts';

const { threshold } = contextOf(DEFAULT_SETTINGS);

/** Names as dashboards have them. */
const SIGNATURE: Panel['signature'] = 'log-storm';
const QUERY: Query['signature'] = 'log-storm';
const COLUMN: Column['signature'] = 'log-storm';
const ALERTS: Panel['alerts'] = ['ForeshockContainerLogStorm'];
const UNIT: Panel['unit'] = 'bytes/second';
const UID: DashboardSource['uid'] = 'foreshock-fleet';

// The same with typos: the build fails as soon as one of them compiles.
// @ts-expect-error
const NO_SIGNATURE: Panel['signature'] = 'log-strom';
// @ts-expect-error
const NO_QUERY: Query['signature'] = 'log-strom';
// @ts-expect-error
const NO_COLUMN: Column['signature'] = 'log-strom';
// @ts-expect-error
const NO_ALERTS: Panel['alerts'] = ['ForeshockContainerLogStrom'];
// @ts-expect-error
const NO_UNIT: Panel['unit'] = 'byte/second';
// @ts-expect-error
const NO_UID: DashboardSource['uid'] = 'foreshock-flet';

test('a typo in a name does not compile', () => {
  const right = [SIGNATURE, QUERY, COLUMN, ALERTS, UNIT, UID];
  const wrong = [NO_SIGNATURE, NO_QUERY, NO_COLUMN, NO_ALERTS, NO_UNIT, NO_UID];
  for (const [index, name] of right.entries()) assert.notDeepEqual(name, wrong[index]);
});

test('a typo in the key of a threshold does not compile', () => {
  assert.equal(threshold('log-storm.log_bytes_per_second').value, 5e6);
  // @ts-expect-error
  assert.throws(() => threshold('log-storm.log_byte_per_second'), /no signature declares the threshold/);
  // @ts-expect-error: of another signature.
  assert.throws(() => threshold('heartbeat.log_bytes_per_second'), /no signature declares the threshold/);
});

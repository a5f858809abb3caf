import assert from 'node:assert/strict';
import { test } from 'node:test';
import { percentileOf, windowOf } from '../../dashboards/series-name.ts';

test('windows and percentiles come from the names of recorded series', () => {
  assert.equal(windowOf('node:kubelet_cpu_seconds:rate5m'), '5 min');
  assert.equal(windowOf('node:foreshock_pod_status_lag_seconds:p90_increase10m'), '10 min');
  assert.equal(windowOf('node_by:foreshock_reclaim_scanned_pages:irate120m'), '2 h');
  assert.equal(percentileOf('node:foreshock_pod_status_lag_seconds:p90_increase10m'), 'p90');
});

test('a name without them is an error', () => {
  assert.throws(() => windowOf('node:foreshock_mounts:max'), /names no window/);
  assert.throws(() => percentileOf('node:kubelet_cpu_seconds:rate5m'), /names no percentile/);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contextOf } from '../../dashboards/context.ts';
import { largest, quantile, withOwner } from '../../dashboards/expressions.ts';
import { readDuration } from '../../exporter/node/collectors/memory-cgroups.ts';
import { DEFAULT_SETTINGS } from '../../rules/settings.ts';

const oneLine = (expr: string) => expr.replace(/\s*\n\s*/g, ' ');

test('the series that were largest at any time of the range', () => {
  assert.equal(oneLine(largest('a:b:c')), 'a:b:c and topk(10, max_over_time(a:b:c[$__range] @ end()))');
});

test('an owner is made of the labels of a container, and of others where these are empty', () => {
  const joined = /label_join\( x, "owner", "\/", "namespace", "pod", "container", "cgroup" \)/;
  assert.match(oneLine(withOwner('x', 'cgroup')), joined);
});

test('a quantile is of each step, or of the range that is given', () => {
  const context = contextOf(DEFAULT_SETTINGS);
  const buckets = 'foreshock_memory_stat_read_duration_seconds_bucket{a="b"}';
  assert.equal(
    quantile(0.9, readDuration, 'a="b"', context),
    `histogram_quantile(0.9, max by (cluster, node, le) (rate(${buckets}[$__rate_interval])))`,
  );
  assert.equal(
    quantile(0.5, readDuration, 'a="b"', context, { by: ['cgroup'], range: '1h' }),
    `histogram_quantile(0.5, max by (cluster, node, cgroup, le) (rate(${buckets}[1h])))`,
  );
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HEARTBEAT_AGE } from '../../rules/series/heartbeats.ts';
import { DISK_WRITE_LATENCY, LOG_RATE } from '../../rules/signatures/log-storm.ts';
import { missing } from '../programs.ts';
import { runPromtool } from './promtool.ts';
import { quietWeek } from './replays/quiet-week.ts';
import { DAYS, DOCKER, KUBERNETES } from './replays/quiet-week-times.ts';
import { inputSeries, whatFires } from './replays/replay.ts';

/** promtool takes a quarter of a millisecond per rule and step: steps of a minute would take minutes. */
const STEP = 120;
const MINUTES = DAYS * 24 * 60;
const END = `${MINUTES}m`;

/** What the series of the week contain, by node: the rules are not silent because data is missing. */
const SEEN: Record<string, Record<string, number>> = {
  // Reboot, upgrade and the exporter's own restart.
  'max by (node) (resets(foreshock_kswapd_cpu_seconds_total[7d]))': { [KUBERNETES]: 3, [DOCKER]: 1 },
  [`round(max by (node) (max_over_time(${DISK_WRITE_LATENCY}[7d])), 0.1)`]: { [KUBERNETES]: 0.3, [DOCKER]: 0.3 },
  [`round(max by (node) (max_over_time(${LOG_RATE}[7d])) / 1e6)`]: { [KUBERNETES]: 2, [DOCKER]: 2 },
  'max by (node) (max_over_time(foreshock_image_gc_wanted_bytes[7d]))': { [KUBERNETES]: 4e9 },
  [`count by (node) (max_over_time(${HEARTBEAT_AGE}[7d]) > 300)`]: { [KUBERNETES]: 1 },
  'max by (node) (max_over_time(foreshock_node_condition_transitions_total{condition="Ready",status="Unknown"}[7d]))': {
    [KUBERNETES]: 2,
  },
};

test('a week of pulls, batch jobs, rotation, restarts, a reboot and an upgrade: nothing fires', {
  skip: missing(['promtool']),
}, (t) => {
  const week = { name: 'quiet week', interval: `${STEP}s`, input_series: inputSeries(quietWeek(), MINUTES, STEP) };
  const fired = { expr: 'max_over_time(ALERTS{alertstate="firing"}[7d])', eval_time: END, exp_samples: [] };
  const seen = Object.entries(SEEN).map(([expr, values]) => ({
    expr,
    eval_time: END,
    exp_samples: Object.entries(values).map(([node, value]) => ({ labels: `{node="${node}"}`, value })),
  }));
  const { ok, output } = runPromtool(t, [{ ...week, promql_expr_test: [fired, ...seen] }], { interval: week.interval });
  const when = () => whatFires(t, week, { minutes: MINUTES, every: STEP / 60 });
  assert.ok(ok, ok ? undefined : `${output}${output.includes('ALERTS{') ? `\nwhat fires:\n${when()}` : ''}`);
});

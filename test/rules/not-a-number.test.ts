import assert from 'node:assert/strict';
import { test } from 'node:test';
import { missing } from '../programs.ts';
import { runPromtool } from './promtool.ts';
import { healthyNode } from './replays/healthy-node.ts';
import { replays } from './replays/index.ts';
import { inputSeries, whatFires } from './replays/replay.ts';
import type { Course } from './replays/series.ts';

const HEALTHY_MINUTES = 30;
const MINUTES = 90;

/** The input series of the rules: of a healthy node, which end in `value`, and all others that replays have, which are that. */
function endingIn(value: number | undefined): Map<string, Course> {
  const others = replays.flatMap(({ sick }) => sick.map(([key]): [string, Course] => [key, () => undefined]));
  const all = new Map([...others, ...healthyNode('node-a', { seconds: MINUTES * 60 })]);
  const ending = ([key, course]: [string, Course]): [string, Course] => [
    key,
    (second, start) => (second < HEALTHY_MINUTES * 60 ? course(second, start) : value),
  ];
  return new Map([...all].map(ending));
}

const CASES = {
  'become NaN': { value: Number.NaN, fires: [], pids: 1 },
  // Of a node that leaves the cluster nothing is said; that nobody watches the cluster any more is.
  'become stale': { value: undefined, fires: ['ForeshockClusterRoleDown'], pids: 0 },
};

for (const [what, { value, fires, pids }] of Object.entries(CASES)) {
  test(`all input series of the rules ${what}: no false alarm`, { skip: missing(['promtool']) }, (t) => {
    const input = { name: what, interval: '60s', input_series: inputSeries(endingIn(value), MINUTES, 60) };
    const fired = (alert: string) => ({ labels: `{alertname="${alert}"}`, value: 1 });
    const samples = { labels: '{node="node-a"}', value: pids };
    const checks = [
      {
        expr: 'count by (alertname) (count_over_time(ALERTS{alertstate="firing"}[2h]))',
        eval_time: `${MINUTES}m`,
        exp_samples: fires.map(fired),
      },
      {
        // Nothing but NaN is unequal to itself.
        expr: 'count by (node) (foreshock_pids_used != foreshock_pids_used)',
        eval_time: `${MINUTES}m`,
        exp_samples: pids > 0 ? [samples] : [],
      },
    ];
    const { ok, output } = runPromtool(t, [{ ...input, promql_expr_test: checks }], { interval: input.interval });
    assert.ok(ok, ok ? undefined : `${output}\n${whatFires(t, input, { minutes: MINUTES, every: 5 })}`);
  });
}

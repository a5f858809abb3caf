import assert from 'node:assert/strict';
import { test } from 'node:test';
import { missing } from '../programs.ts';
import { runPromtool } from './promtool.ts';

/** Tests that alerts never fire on series that look like those of trouble and are none. */
export function testSilence(
  title: string,
  alerts: readonly `Foreshock${string}`[],
  series: Readonly<Record<string, string>>,
  minutes: number,
): void {
  test(`${alerts.join(', ')}: silent ${title}`, { skip: missing(['promtool']) }, (t) => {
    const { ok, output } = runPromtool(t, [
      {
        name: title,
        interval: '1m',
        input_series: Object.entries(series).map(([key, values]) => ({ series: key, values })),
        promql_expr_test: Array.from({ length: minutes + 1 }, (_, minute) => ({
          expr: `ALERTS{alertname=~"${alerts.join('|')}",alertstate="firing"}`,
          eval_time: `${minute}m`,
          exp_samples: [],
        })),
      },
    ]);
    assert.ok(ok, output);
  });
}

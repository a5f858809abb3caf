import assert from 'node:assert/strict';
import { test } from 'node:test';
import { missing } from '../programs.ts';
import { type PromtoolTest, runPromtool } from './promtool.ts';

/** Minutes at which nothing may fire. */
const MINUTES = 60;

/** Tests that no alert of a signature fires on what is healthy; series by what they show. */
export function testSilence(
  signature: string,
  cases: Readonly<Record<string, Readonly<Record<string, string>>>>,
): void {
  for (const [title, series] of Object.entries(cases)) {
    test(`${signature} is silent about ${title}`, { skip: missing(['promtool']) }, (t) => {
      const { ok, output } = runPromtool(t, [silent(title, signature, series)]);
      assert.ok(ok, output);
    });
  }
}

function silent(name: string, signature: string, series: Readonly<Record<string, string>>): PromtoolTest {
  return {
    name,
    interval: '1m',
    input_series: Object.entries(series).map(([key, values]) => ({ series: key, values })),
    promql_expr_test: Array.from({ length: MINUTES }, (_, minute) => ({
      expr: `ALERTS{signature="${signature}",alertstate="firing"}`,
      eval_time: `${minute}m`,
      exp_samples: [],
    })),
  };
}

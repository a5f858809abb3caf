import assert from 'node:assert/strict';
import { test } from 'node:test';
import { missing } from '../programs.ts';
import { type PromtoolTest, runPromtool } from './promtool.ts';

/** Tests that the alerts of a signature, or some alerts, never fire on series that resemble trouble; series by situation. */
export function testSilence(
  of: string | readonly `Foreshock${string}`[],
  cases: Readonly<Record<string, Readonly<Record<string, string>>>>,
  minutes = 60,
): void {
  const [who, matcher] =
    typeof of === 'string' ? [of, `signature="${of}"`] : [of.join(', '), `alertname=~"${of.join('|')}"`];
  for (const [title, series] of Object.entries(cases)) {
    test(`${who}: silent about ${title}`, { skip: missing(['promtool']) }, (t) => {
      const { ok, output } = runPromtool(t, [silent(title, matcher, series, minutes)], {
        ...(typeof of === 'string' ? { signature: of } : {}),
      });
      assert.ok(ok, output);
    });
  }
}

function silent(
  name: string,
  matcher: string,
  series: Readonly<Record<string, string>>,
  minutes: number,
): PromtoolTest {
  return {
    name,
    interval: '1m',
    input_series: Object.entries(series).map(([key, values]) => ({ series: key, values })),
    promql_expr_test: Array.from({ length: minutes + 1 }, (_, minute) => ({
      expr: `ALERTS{${matcher},alertstate="firing"}`,
      eval_time: `${minute}m`,
      exp_samples: [],
    })),
  };
}

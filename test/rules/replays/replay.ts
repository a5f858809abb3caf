import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { missing } from '../../programs.ts';
import { type PromtoolTest, runPromtool } from '../promtool.ts';
import { healthyNode } from './healthy-node.ts';
import type { Course, SeriesMap } from './series.ts';

/** The node that is sick in every replay; the one beside it stays healthy. */
export const SICK = 'node-a';
export const HEALTHY = 'node-b';

/** An alert that a replay expects, in minutes since its start. */
export interface Firing {
  readonly alert: string;
  readonly from: number;
  /** The first minute at which it is silent again; none when it fires to the end. */
  readonly to?: number;
}

/** A story in numbers: what differs from a healthy node, and what must come of it. */
export interface Replay {
  readonly id: string;
  /** The signature whose dashboard rows and alerts it is for. */
  readonly signature: string;
  /** What happens, with the story's numbers and where they are assumed. */
  readonly title: string;
  readonly minutes: number;
  /** Series of {@link SICK} that differ from a healthy node's, and what it has beside. */
  readonly sick: readonly (readonly [string, Course])[];
  /** For {@link SICK}, in any order; for the healthy node beside it nothing may fire. */
  readonly expected: readonly Firing[];
  /** Which of them Alertmanager mutes, at the last minute at which they all fire together. */
  readonly inhibited: readonly string[];
}

/** Seconds between two scrapes, and between two evaluations. */
export const STEP = 30;

/** All series of the two nodes. */
export function seriesOf(replay: Replay): SeriesMap {
  const span = { seconds: replay.minutes * 60 };
  return new Map([...healthyNode(SICK, span), ...replay.sick, ...healthyNode(HEALTHY, span)]);
}

/** Runs a replay through promtool: at each minute those alerts fire that are expected, and no other. */
export function testReplay(replay: Replay): void {
  test(`story ${replay.id}: ${replay.title}`, { skip: missing(['promtool']) }, (t) => {
    const test = promtoolTest(replay);
    const { ok } = runPromtool(t, [test], { interval: `${STEP}s` });
    assert.ok(ok, ok ? undefined : `what fires:\n${whatFires(t, test)}`);
  });
}

function promtoolTest(replay: Replay): PromtoolTest {
  const steps = (replay.minutes * 60) / STEP;
  return {
    name: replay.title,
    interval: `${STEP}s`,
    input_series: [...seriesOf(replay)].map(([series, course]) => ({ series, values: valuesOf(course, steps) })),
    promql_expr_test: Array.from({ length: replay.minutes + 1 }, (_, minute) => ({
      expr: 'count by (node, alertname) (ALERTS{alertstate="firing"})',
      eval_time: `${minute}m`,
      exp_samples: replay.expected
        .filter(({ from, to }) => from <= minute && minute < (to ?? Infinity))
        .map(({ alert }) => ({ labels: `{node="${SICK}",alertname="${alert}"}`, value: 1 })),
    })),
  };
}

/** From when to when each alert fires, by what promtool shows when it is told to expect something else. */
function whatFires(t: TestContext, test: PromtoolTest): string {
  const wrong = [{ labels: '{alertname="none"}', value: 1 }];
  const asked = test.promql_expr_test?.map((one) => ({ ...one, exp_samples: wrong })) ?? [];
  const { output } = runPromtool(t, [{ ...test, promql_expr_test: asked }], { interval: `${STEP}s` });
  const minutes = new Map<string, number[]>();
  for (const [, hours = '0', minute = '0', got = ''] of output.matchAll(
    /time: (?:(\d+)h)?(?:(\d+)m)?(?:0s)?,[\s\S]*?got: (.*)/g,
  )) {
    for (const [, alert = '', node = ''] of got.matchAll(/alertname="(.*?)"(?:, node="(.*?)")?/g)) {
      const key = `${node} ${alert}`;
      minutes.set(key, [...(minutes.get(key) ?? []), Number(hours) * 60 + Number(minute)]);
    }
  }
  return [...minutes]
    .map(
      ([key, at]) =>
        `${key}: ${at.map((minute, index) => (at[index - 1] === minute - 1 ? '' : `from ${minute} `) + (at[index + 1] === minute + 1 ? '' : `to ${minute + 1} `)).join('')}`,
    )
    .join('\n');
}

/**
 * Values in promtool's notation, repeated ones once: `1x3` is 1 and three more; it has none for infinity. A series that
 * ends is stale at once, as when its target says no more or does not answer.
 */
function valuesOf(course: Course, steps: number): string {
  const runs: { value: string; count: number }[] = [];
  for (let step = 0; step <= steps; step++) {
    const last = runs.at(-1);
    const absent = last === undefined || last.value === '_' || last.value === 'stale' ? '_' : 'stale';
    const value = String(course(step * STEP, 0) ?? absent).replace('Infinity', 'Inf');
    if (last?.value === value && value !== 'Inf') last.count += 1;
    else runs.push({ value, count: 1 });
  }
  const notation = ({ value, count }: { value: string; count: number }) =>
    count === 1 ? value : `${value}x${value === '_' ? count : count - 1}`;
  return runs.map(notation).join(' ');
}

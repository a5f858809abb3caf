import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { missing } from '../../programs.ts';
import { LEFT_OPEN_MINUTES, type PromtoolTest, runPromtool } from '../promtool.ts';
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

/** A story in numbers: what differs from a healthy node, and the alerts that must fire. */
export interface Replay {
  readonly id: string;
  /** The signature whose dashboard rows and alerts it is for. */
  readonly signature: string;
  /** What happens, with the story's numbers and where they are assumed. */
  readonly title: string;
  readonly minutes: number;
  /** Series of {@link SICK} that differ from a healthy node's or are added to them. */
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
    assert.ok(ok, ok ? undefined : `what fires:\n${whatFires(t, test, { minutes: replay.minutes, every: 1 })}`);
  });
}

function promtoolTest(replay: Replay): PromtoolTest {
  return {
    name: replay.title,
    interval: `${STEP}s`,
    input_series: inputSeries(seriesOf(replay), replay.minutes, STEP),
    promql_expr_test: Array.from({ length: replay.minutes + 1 }, (_, minute) => expectedAt(replay, minute)),
  };
}

function expectedAt({ expected }: Replay, minute: number) {
  const lastMinutes = (to = Infinity) => minute < to && minute >= to - LEFT_OPEN_MINUTES;
  const unsure = expected.filter(({ to }) => lastMinutes(to)).map(({ alert }) => alert);
  return {
    expr: unsure.length > 0 ? whatFiresBut(unsure) : WHAT_FIRES,
    eval_time: `${minute}m`,
    exp_samples: expected
      .filter(({ from, to = Infinity }) => from <= minute && minute < to && !lastMinutes(to))
      .map(({ alert }) => ({ labels: `{node="${SICK}",alertname="${alert}"}`, value: 1 })),
  };
}

const WHAT_FIRES = whatFiresBut([]);

function whatFiresBut(alerts: readonly string[]): string {
  return `count by (node, alertname) (ALERTS{alertstate="firing",alertname!~"${alerts.join('|')}"})`;
}

/** When each alert fires, in minutes, from what promtool prints about a deliberately wrong expectation. */
export function whatFires(
  t: TestContext,
  test: PromtoolTest,
  { minutes: lasting, every }: { minutes: number; every: number },
): string {
  const asked = Array.from({ length: lasting / every + 1 }, (_, index) => ({
    expr: WHAT_FIRES,
    eval_time: `${index * every}m`,
    exp_samples: [{ labels: '{alertname="none"}', value: 1 }],
  }));
  const { output } = runPromtool(t, [{ ...test, promql_expr_test: asked }], { interval: test.interval });
  const minutes = new Map<string, number[]>();
  for (const [, weeks = 0, days = 0, hours = 0, minute = 0, got = ''] of output.matchAll(
    /time: (?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:0s)?,[\s\S]*?got: (.*)/g,
  )) {
    const at = ((Number(weeks) * 7 + Number(days)) * 24 + Number(hours)) * 60 + Number(minute);
    for (const [, alert = '', node = ''] of got.matchAll(/alertname="(.*?)"(?:, node="(.*?)")?/g)) {
      const key = `${node} ${alert}`;
      minutes.set(key, [...(minutes.get(key) ?? []), at]);
    }
  }
  return [...minutes].map(([key, at]) => `${key}: ${spans(at, every)}`).join('\n');
}

/** Minutes as times from and to, those after the first day with the day. */
function spans(minutes: readonly number[], every: number): string {
  const clock = (minute: number) =>
    minute < 1440
      ? `${minute}`
      : `day ${Math.floor(minute / 1440)} ${Math.floor((minute % 1440) / 60)}:${String(minute % 60).padStart(2, '0')}`;
  return minutes
    .flatMap((minute, index) => [
      ...(minutes[index - 1] === minute - every ? [] : [`from ${clock(minute)}`]),
      ...(minutes[index + 1] === minute + every ? [] : [`to ${clock(minute + every)}`]),
    ])
    .join(' ');
}

/** Series as promtool reads them, with a value every `step` seconds. */
export function inputSeries(all: SeriesMap, minutes: number, step: number): PromtoolTest['input_series'] {
  return [...all].map(([series, course]) => ({ series, values: valuesOf(course, minutes, step) }));
}

/**
 * Values in promtool's notation, repeated ones once: `1x3` is 1 and three more; it has none for infinity and NaN. The first that
 * is missing is stale, as Prometheus marks a series that its target does not have any more.
 */
function valuesOf(course: Course, minutes: number, step: number): string {
  const runs: { value: string; count: number }[] = [];
  for (let at = 0; at <= minutes * 60; at += step) {
    const before = runs.at(-1)?.value;
    const missing = before === undefined || before === '_' || before === 'stale' ? '_' : 'stale';
    const value = String(course(at, 0) ?? missing).replace('Infinity', 'Inf');
    const last = runs.at(-1);
    if (last?.value === value && value !== 'Inf' && value !== 'NaN') last.count += 1;
    else runs.push({ value, count: 1 });
  }
  const notation = ({ value, count }: { value: string; count: number }) =>
    count === 1 ? value : `${value}x${value === '_' ? count : count - 1}`;
  return runs.map(notation).join(' ');
}

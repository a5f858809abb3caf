import { type Replay, SICK } from '../rules/replays/replay.ts';
import type { Range } from './query-api.ts';

/** When all replays begin: always the same, so that pictures are, and on the bound of a block of 2 h. */
const START = Date.parse('2026-01-05T10:00:00Z') / 1000;

/** Each replay has a cluster of its own, so that one Prometheus holds them all. */
export function clusterOf({ id }: Replay): string {
  return `story-${id}`;
}

/** The Unix time of a minute of the replays. */
export function timeOf(minute: number): number {
  return START + minute * 60;
}

/** All of a replay. */
export function rangeOf({ minutes }: Replay): Range {
  return { from: START, to: timeOf(minutes) };
}

/** What somebody sees who looks when things are at their worst: halfway through the longest time in which most alerts fire. */
export function worstOf({ expected, minutes }: Replay): Range {
  const firing = Array.from(
    { length: minutes + 1 },
    (_, minute) => expected.filter(({ from, to = Infinity }) => from <= minute && minute < to).length,
  );
  const most = Math.max(...firing);
  let longest = { from: 0, length: 0 };
  for (let minute = 0; minute <= minutes; minute++) {
    const length = firing.slice(minute).findIndex((count) => count < most);
    const stretch = { from: minute, length: length === -1 ? minutes + 1 - minute : length };
    if (stretch.length > longest.length) longest = stretch;
  }
  return { from: START, to: timeOf(longest.from + Math.floor(longest.length / 2)) };
}

/** What is chosen to look at the sick node of a replay. */
export function choiceOf(replay: Replay): Readonly<Record<string, string>> {
  return { cluster: clusterOf(replay), node: SICK };
}

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
  return { from: timeOf(0), to: timeOf(minutes) };
}

/** What somebody sees who looks when things are at their worst: halfway through the longest time in which most alerts fire. */
export function worstOf(replays: readonly Replay[]): Range {
  const firing = replays.flatMap(({ expected, minutes }) =>
    expected.map(({ from, to = minutes + 1 }) => ({ from, to })),
  );
  const last = Math.max(...replays.map(({ minutes }) => minutes));
  const counts = Array.from(
    { length: last + 1 },
    (_, minute) => firing.filter(({ from, to }) => from <= minute && minute < to).length,
  );
  const most = Math.max(...counts);
  const stretches = counts.map((_, minute) => {
    const length = counts.slice(minute).findIndex((count) => count < most);
    return { minute, length: length === -1 ? counts.length - minute : length };
  });
  const [longest] = stretches.sort((a, b) => b.length - a.length);
  return { from: timeOf(0), to: timeOf((longest?.minute ?? 0) + Math.floor((longest?.length ?? 0) / 2)) };
}

/** What is chosen to look at the sick node of a replay. */
export function choiceOf(replay: Replay): Readonly<Record<string, string>> {
  return { cluster: clusterOf(replay), node: SICK };
}

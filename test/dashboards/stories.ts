import { type Replay, SICK } from '../rules/replays/replay.ts';
import type { Range } from './query-api.ts';

/** When every replay is at its worst, so that a fleet shows all stories together; always the same, so that pictures are. */
const NOW = Date.parse('2026-01-05T18:00:00Z') / 1000;

/** Each replay has a cluster of its own, so that one Prometheus holds them all. */
export function clusterOf({ id }: Replay): string {
  return `story-${id}`;
}

/** The Unix time of a minute of a replay. */
export function timeOf(replay: Replay, minute: number): number {
  return NOW + (minute - worstMinute(replay)) * 60;
}

/** All of a replay. */
export function rangeOf(replay: Replay): Range {
  return { from: timeOf(replay, 0), to: timeOf(replay, replay.minutes) };
}

/** What somebody sees of replays who looks when they are at their worst. */
export function worstOf(replays: readonly Replay[]): Range {
  return { from: Math.min(...replays.map((replay) => timeOf(replay, 0))), to: NOW };
}

/** What is chosen to look at the sick node of a replay. */
export function choiceOf(replay: Replay): Readonly<Record<string, string>> {
  return { cluster: clusterOf(replay), node: SICK };
}

/** Halfway through the longest time in which most alerts fire. */
export function worstMinute({ expected, minutes }: Replay): number {
  const counts = Array.from(
    { length: minutes + 1 },
    (_, minute) => expected.filter(({ from, to = Infinity }) => from <= minute && minute < to).length,
  );
  const most = Math.max(...counts);
  const stretches = counts.map((_, from) => {
    const length = counts.slice(from).findIndex((count) => count < most);
    return { from, length: length === -1 ? counts.length - from : length };
  });
  const longest = stretches.reduce((best, stretch) => (stretch.length > best.length ? stretch : best));
  return longest.from + Math.floor(longest.length / 2);
}

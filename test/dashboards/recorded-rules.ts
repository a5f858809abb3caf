import { ruleGroups } from '../../rules/pack.ts';
import { DEFAULT_SETTINGS } from '../../rules/settings.ts';
import type { RecordingRule } from '../../rules/signature.ts';
import type { PrometheusServer } from '../real/prometheus-server.ts';
import { STEP } from '../rules/replays/replay.ts';
import { joined, type Samples, samplesOf } from './blocks.ts';
import { queryRange, type Range } from './query-api.ts';

/** The recording rules of the pack in levels: each reads only what is scraped, itself, or what a level before it records. */
export function recordLevels(): RecordingRule[][] {
  const levels: RecordingRule[][] = [];
  let left = ruleGroups(DEFAULT_SETTINGS).flatMap(({ records }) => records);
  while (left.length > 0) {
    const names = new Set(left.map(({ record }) => record));
    const level = left.filter((rule) => !namesIn(rule).some((name) => name !== rule.record && names.has(name)));
    if (level.length === 0) throw new Error(`read each other: ${[...names].join(', ')}`);
    levels.push(level);
    left = left.filter((rule) => !level.includes(rule));
  }
  return levels;
}

/** Whether a rule reads its own series: one query then gives only values as far back as it looks. */
export function readsItself(rule: RecordingRule): boolean {
  return namesIn(rule).includes(rule.record);
}

/**
 * What rules record within a range: asked for as `promtool tsdb create-blocks-from rules` does, which makes a block of
 * each rule for every two hours.
 */
export async function recorded(
  server: PrometheusServer,
  records: readonly RecordingRule[],
  range: Range,
): Promise<Samples[]> {
  const all: Samples[] = [];
  for (const { record, expr } of records) {
    const { series } = await queryRange(server, expr, range, STEP);
    all.push(...series.map(({ labels, values }) => samplesOf({ ...labels, __name__: record }, values)));
  }
  return joined(all);
}

function namesIn({ expr }: RecordingRule): string[] {
  return expr.match(/[a-zA-Z_:][\w:]*/g) ?? [];
}

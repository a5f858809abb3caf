import { ruleGroups } from '../../rules/pack.ts';
import { prometheusGroup } from '../../rules/render/prometheus.ts';
import { DEFAULT_SETTINGS } from '../../rules/settings.ts';
import type { PrometheusServer } from '../real/prometheus-server.ts';
import { type Firing, type Replay, SICK, STEP } from '../rules/replays/replay.ts';
import { type Samples, samplesOf } from './blocks.ts';
import { queryRange, type Range, type Series } from './query-api.ts';
import { clusterOf, timeOf } from './stories.ts';

/**
 * The series ALERTS of all replays: at the minutes that the replays' own test holds against promtool, with the labels
 * that the alert's expression gives in that time.
 */
export async function firingAlerts(
  server: PrometheusServer,
  replays: readonly Replay[],
  range: Range,
): Promise<Samples[]> {
  const all: Samples[] = [];
  for (const { alert, expr, labels } of alertRules()) {
    const firing = replays.flatMap((replay) =>
      replay.expected.filter((one) => one.alert === alert).map((one) => ({ replay, minutes: minutesOf(one, replay) })),
    );
    if (firing.length === 0) continue;
    const { series } = await queryRange(server, expr, range, STEP);
    for (const { replay, minutes } of firing) {
      const ofReplay = series.filter((one) => one.labels.cluster === clusterOf(replay) && one.labels.node === SICK);
      const alerts = ofReplay.filter((one) => hasValue(one, minutes));
      if (alerts.length === 0) throw new Error(`${alert} has no value in ${clusterOf(replay)}`);
      const shared = { ...labels, __name__: 'ALERTS', alertname: alert, alertstate: 'firing' };
      all.push(...alerts.map((one) => samplesOf({ ...one.labels, ...shared }, ones(minutes))));
    }
  }
  return all;
}

interface Minutes {
  readonly from: number;
  readonly to: number;
}

function minutesOf({ from, to }: Firing, { minutes }: Replay): Minutes {
  return { from, to: to ?? minutes + 1 };
}

/** Whether an alert's expression is true at some time while it fires. */
function hasValue({ values }: Series, { from, to }: Minutes): boolean {
  return values.some(([time]) => time >= timeOf(from) && time < timeOf(to));
}

function ones({ from, to }: Minutes): [number, number][] {
  return Array.from({ length: ((to - from) * 60) / STEP }, (_, step) => [timeOf(from) + step * STEP, 1]);
}

function alertRules() {
  return ruleGroups(DEFAULT_SETTINGS)
    .flatMap((group) => prometheusGroup(group, DEFAULT_SETTINGS).rules)
    .filter((rule) => 'alert' in rule);
}

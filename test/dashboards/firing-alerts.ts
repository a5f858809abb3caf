import { ruleGroups } from '../../rules/pack.ts';
import { prometheusGroup } from '../../rules/render/prometheus.ts';
import { DEFAULT_SETTINGS } from '../../rules/settings.ts';
import type { PrometheusServer } from '../real/prometheus-server.ts';
import { type Firing, type Replay, SICK, STEP } from '../rules/replays/replay.ts';
import { joined, type Samples, samplesOf } from './blocks.ts';
import { queryRange, type Range } from './query-api.ts';
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
      replay.expected
        .filter((one) => one.alert === alert)
        .map((one) => ({ replay, during: rangeOfFiring(one, replay) })),
    );
    if (firing.length === 0) continue;
    const { series } = await queryRange(server, expr, range, STEP);
    for (const { replay, during } of firing) {
      const ofReplay = series.filter((one) => one.labels.cluster === clusterOf(replay) && one.labels.node === SICK);
      const alerts = ofReplay.filter(({ values }) => values.some(([time]) => during.from <= time && time < during.to));
      if (alerts.length === 0) throw new Error(`${alert} has no value in ${clusterOf(replay)}`);
      const shared = { ...labels, __name__: 'ALERTS', alertname: alert, alertstate: 'firing' };
      all.push(...alerts.map((one) => samplesOf({ ...one.labels, ...shared }, ones(during))));
    }
  }
  return joined(all);
}

/** Without its end. */
function rangeOfFiring({ from, to }: Firing, replay: Replay): Range {
  return { from: timeOf(replay, from), to: timeOf(replay, to ?? replay.minutes + 1) };
}

function ones({ from, to }: Range): [number, number][] {
  return Array.from({ length: (to - from) / STEP }, (_, step) => [from + step * STEP, 1]);
}

function alertRules() {
  return ruleGroups(DEFAULT_SETTINGS)
    .flatMap((group) => prometheusGroup(group, DEFAULT_SETTINGS).rules)
    .filter((rule) => 'alert' in rule);
}

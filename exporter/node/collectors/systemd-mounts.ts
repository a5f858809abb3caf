import { gauge, type Sample, sample, sampleIfKnown } from '../../exposition/metric.ts';
import { defineCollector } from '../collector.ts';
import { lookUpMounts } from '../inventory/lookups.ts';
import { tryRead } from '../report.ts';
import { countOrphans, learnPods, MAX_DESCRIPTIONS_PER_RUN, type PodsByUnit } from '../systemd/orphans.ts';
import { listTransientUnits } from '../systemd/transient-units.ts';

export const transient = gauge('foreshock_systemd_transient_units', 'Number of transient systemd units, by type.', [
  'type',
]);
export const orphaned = gauge(
  'foreshock_systemd_orphaned_subpath_units',
  'Number of transient units for subPath or volume mounts of pods whose directory is gone.',
);
export const mounts = gauge('foreshock_mounts', "Number of mounts in the mount namespace of the host's first process.");

export const systemdMounts = defineCollector({
  name: 'systemd_mounts',
  help: 'transient systemd units, those that pods left behind, and the number of mounts',
  description:
    'Counted once a minute, mounts in /proc/1/mountinfo, units in /run/systemd/transient; before systemd 230 in ' +
    '/run/systemd/system, which has only scopes and units named by systemd-run. Orphaned units are recognized by ' +
    `their description or, for mount units, by their name. At most ${MAX_DESCRIPTIONS_PER_RUN} new descriptions are read in each ` +
    'run, so after a start a large number of orphaned units shows up gradually.',
  metrics: [transient, orphaned, mounts],
  reads: { procfs: 'part', rootfs: 'part' },
  options: {},
  schedule: '10 * * * * *',
  timeoutSeconds: 20,

  collect(context, previous: PodsByUnit | undefined) {
    const { host } = context;
    const mounted = tryRead(context, '/proc/1/mountinfo', () => lookUpMounts(context).count);
    const units = tryRead(context, '/run/systemd', () => {
      const units = listTransientUnits(host.rootfs);
      if (!units) context.absent('systemd');
      return units;
    });
    const pods = units ? learnPods(context, units.keys(), previous) : previous;
    const orphans = units && pods && tryRead(context, "the kubelet's pods", () => countOrphans(context, pods));
    return {
      samples: [
        ...(units ? countByType(units.values()) : []),
        ...sampleIfKnown(orphaned, orphans, {}),
        ...sampleIfKnown(mounts, mounted, {}),
      ],
      ...(pods && { state: pods }),
    };
  },
});

/** Scopes and mounts, which leak, are told even when there are none. */
function countByType(types: Iterable<string>): Sample[] {
  const counts = new Map([
    ['scope', 0],
    ['mount', 0],
  ]);
  for (const type of types) counts.set(type, (counts.get(type) ?? 0) + 1);
  return [...counts].map(([type, count]) => sample(transient, count, { type }));
}

import { gauge, type Sample, sample, sampleIfKnown } from '../../exposition/metric.ts';
import { defineCollector } from '../collector.ts';
import { readMountinfo } from '../kernel/mountinfo.ts';
import { tryRead } from '../report.ts';
import { countOrphans, learnPods, MOST_READ, type PodsByUnit } from '../systemd/orphans.ts';
import { listTransientUnits } from '../systemd/transient-units.ts';

export const transient = gauge(
  'foreshock_systemd_transient_units',
  'Transient units of systemd by type. Counted once a minute in /run/systemd/transient; before systemd 230 in ' +
    '/run/systemd/system, and there only scopes and what systemd-run has named.',
  ['type'],
);
export const orphaned = gauge(
  'foreshock_systemd_orphaned_subpath_units',
  'Transient units that the kubelet had made to mount a subPath or volume of a pod whose directory is gone. Counted once ' +
    'a minute from the descriptions in /run/systemd and the names of mount units; of descriptions not read before, ' +
    `${MOST_READ} are read each time, so that after a start a great number shows bit by bit.`,
);
export const mounts = gauge(
  'foreshock_mounts',
  'Mounts of the host, in the namespace of its first process. Counted once a minute in /proc/1/mountinfo.',
);

export const systemdMounts = defineCollector({
  name: 'systemd_mounts',
  help: 'transient units of systemd, those that pods left behind, and the mount table',
  metrics: [transient, orphaned, mounts],
  options: {},
  schedule: '10 * * * * *',
  timeout: 20,

  collect(context, previous: PodsByUnit | undefined) {
    const { host } = context;
    const mounted = tryRead(context, '/proc/1/mountinfo', () => countLines(readMountinfo(host)));
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

function countLines(text: string): number {
  return text.split('\n').filter(Boolean).length;
}

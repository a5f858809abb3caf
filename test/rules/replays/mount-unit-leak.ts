import { type Replay, SICK } from './replay.ts';
import { series } from './series.ts';
import { CLUSTER, instanceOf, nodeLabels } from './targets.ts';

/**
 * Units of subPath mounts that remain: five a minute, assumed for a node whose cron jobs run every minute. The story only
 * says that there were a great many after a while.
 */
const leaked = (second: number) => 5 * Math.floor(second / 60);

const KUBELET = { cluster: CLUSTER, job: 'kubelet', instance: instanceOf(SICK, 10250), metrics_path: '/metrics' };

export const mountUnitLeak: Replay = {
  id: '002-3',
  signature: 'mount-unit-leak',
  title: 'systemd keeps the units of subPath mounts of deleted pods, and the kubelet grows',
  minutes: 480,
  sick: [
    series('foreshock_systemd_orphaned_subpath_units', nodeLabels(SICK), leaked),
    series(
      'foreshock_systemd_transient_units',
      { ...nodeLabels(SICK), type: 'scope' },
      (second) => 30 + leaked(second),
    ),
    // 50 kB for each, as in kubernetes/kops#5916: 5 GB with 100,000 of them.
    series('process_resident_memory_bytes', KUBELET, (second) => 8e7 + 5e4 * leaked(second)),
  ],
  expected: [
    { alert: 'ForeshockOrphanedSubpathUnits', from: 81 },
    { alert: 'ForeshockSystemdUnitsGrow', from: 420 },
  ],
  inhibited: ['ForeshockSystemdUnitsGrow'],
};

import { type Distribution, gauge, histogram, observe, sample } from '../../exposition/metric.ts';
import { defineCollector } from '../collector.ts';
import { containerIdsIn } from '../containers/cgroup-path.ts';
import type { Host } from '../host/host.ts';
import { lookUpHierarchy } from '../inventory/lookups.ts';
import { cgroupPaths, type Hierarchy, parseFlatKeyed } from '../kernel/cgroups.ts';

/** Seconds: a healthy read takes well under 10 ms; 1.2 s was seen on a node whose cron jobs left dying cgroups. */
const BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export const readDuration = histogram(
  'foreshock_memory_stat_read_duration_seconds',
  'Seconds that one read of memory.stat takes, for the root and top-level container cgroups.',
  BUCKETS,
  ['cgroup'],
);
export const live = gauge('foreshock_memory_cgroups', 'Number of memory cgroups that exist, the root included.');
export const dying = gauge(
  'foreshock_memory_cgroups_dying',
  'Number of memory cgroups that were removed but still have memory charged to them.',
);

export const untimed = gauge(
  'foreshock_memory_cgroups_untimed',
  'Number of top-level container cgroups left untimed, as there are too many of them.',
);

/**
 * Series of the histogram beside the root's, with 16 values each. A node has about four; whoever may start a container
 * with `--cgroup-parent` can make one for each container.
 */
const MAX_TIMED = 20;

/** Of cgroups that exist. */
type State = ReadonlyMap<string, Distribution>;

export const memoryCgroups = defineCollector({
  name: 'memory_cgroups',
  help: 'live and dying memory cgroups, and how long reads of memory.stat take',
  description:
    'Once a minute, memory.stat is read in one cgroup after the other: the root and the top-level cgroups that hold ' +
    'containers. The kernel visits every cgroup below, dying ones included, and the kubelet waits as long when it ' +
    'reads the file. The number of dying cgroups is num_cgroups of /proc/cgroups minus directories on cgroup v1, and ' +
    `read from cgroup.stat on v2. Of the top-level cgroups at most ${MAX_TIMED} are read, and each has a series for as ` +
    'long as it exists.',
  metrics: [readDuration, live, dying, untimed],
  reads: { procfs: 'part' },
  options: {},
  schedule: '5 * * * * *',
  timeoutSeconds: 20,

  collect(context, previous: State | undefined) {
    const { host, progress } = context;
    const hierarchy = lookUpHierarchy(context, 'memory');
    if (!hierarchy) return { samples: [] };
    const paths = [...cgroupPaths(hierarchy.tree)];
    const count = hierarchy.version === 1 ? countOnV1(host, paths.length) : countOnV2(hierarchy);
    const state = stillThere(previous, paths);
    const parents = containerParents(paths);
    const timed = firstKnown(parents, state).slice(0, MAX_TIMED);
    for (const cgroup of ['/', ...timed]) {
      progress(`memory.stat of ${cgroup}`);
      const seconds = timeRead(hierarchy, cgroup);
      if (seconds !== undefined) state.set(cgroup, observe(BUCKETS, state.get(cgroup), seconds));
    }
    const durations = [...state].map(([cgroup, distribution]) => sample(readDuration, distribution, { cgroup }));
    const samples = [
      ...durations,
      sample(live, count.live, {}),
      sample(dying, count.dying, {}),
      sample(untimed, parents.length - timed.length, {}),
    ];
    return { samples, state };
  },
});

/** What is known of cgroups that still exist, whether or not they have containers at the moment. */
function stillThere(state: State | undefined, paths: readonly string[]): Map<string, Distribution> {
  const existing = new Set(['/', ...paths]);
  return new Map([...(state ?? [])].filter(([cgroup]) => existing.has(cgroup)));
}

/** The top-level cgroups that have containers somewhere below: `/kubepods`, `/docker`, `/system.slice` … */
function containerParents(paths: readonly string[]): string[] {
  const parents = paths.filter((path) => containerIdsIn(path).length > 0).map((path) => path.split('/')[1] ?? '');
  return [...new Set(parents)].filter((name) => containerIdsIn(name).length === 0).map((name) => `/${name}`);
}

/** Those with a series first: new ones shall not take its place. */
function firstKnown(cgroups: readonly string[], state: State): string[] {
  return [...cgroups].sort((a, b) => Number(state.has(b)) - Number(state.has(a)));
}

/** Seconds, the read alone; undefined for a cgroup without the file (a v2 root before 5.x, one just removed). */
function timeRead({ tree }: Hierarchy, cgroup: string): number | undefined {
  const start = performance.now();
  const text = tree.readIfPresent(`${cgroup}/memory.stat`);
  return text === undefined ? undefined : (performance.now() - start) / 1000;
}

interface Count {
  readonly live: number;
  readonly dying: number;
}

/** The kernel's `num_cgroups` falls only when the last charge is gone; the directory goes at once. */
function countOnV1(host: Host, directories: number): Count {
  const total = parseNumCgroups(host.procfs.read('cgroups'), 'memory');
  return { live: directories, dying: Math.max(0, total - directories) };
}

/** `cgroup.stat` of the root; the `…_subsys_…` lines came with Linux 6.12 and count memory cgroups alone. */
function countOnV2({ tree }: Hierarchy): Count {
  const stat = parseFlatKeyed(tree.read('cgroup.stat'));
  const descendants = stat.get('nr_descendants');
  const live = stat.get('nr_subsys_memory') ?? (descendants === undefined ? undefined : descendants + 1);
  const dying = stat.get('nr_dying_subsys_memory') ?? stat.get('nr_dying_descendants');
  if (live === undefined || dying === undefined)
    throw new Error('cgroup.stat of the root does not say how many there are');
  return { live, dying };
}

/** A controller's row of /proc/cgroups (cgroups(7)): `memory	4	158	1`, the third column counts its cgroups. */
export function parseNumCgroups(text: string, controller: string): number {
  const row = text.split('\n').find((line) => line.startsWith(`${controller}\t`));
  const count = row?.split('\t')[2] ?? '';
  if (!/^\d+$/.test(count)) throw new Error(`/proc/cgroups has no row for ${controller}`);
  return Number(count);
}

import { gauge, sample } from '../../exposition/metric.ts';
import { type CollectorContext, defineCollector } from '../collector.ts';
import { OWNER_LABELS, ownerOf } from '../containers/container.ts';
import { containerCgroups } from '../containers/container-cgroups.ts';
import type { ContainerDirectory } from '../containers/directory.ts';
import { lookUpHierarchy } from '../inventory/lookups.ts';
import { mainCgroup, parseProcessCgroups } from '../kernel/process-cgroup.ts';
import { parseProcessStat } from '../kernel/process-stat.ts';
import { findZombies, type ZombieGroup, type ZombieScan } from '../kernel/zombies.ts';
import { tryRead } from '../report.ts';

const LABELS = [...OWNER_LABELS, 'cgroup'] as const;

export const zombieProcesses = gauge(
  'foreshock_zombie_processes',
  'Number of zombie processes (exited, not reaped by their parent), by container or cgroup.',
  LABELS,
);
export const parents = gauge(
  'foreshock_zombie_parent_processes',
  'Number of zombie processes by the command of the parent that does not reap them.',
  [...LABELS, 'command'],
);

/** Series of each of the two metrics beyond the containers' own: cgroups and commands come and go. */
const MAX_CGROUPS = 50;
const MAX_PARENTS = 20;

interface Place {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly cgroup: string;
}

interface Counted<Labels> {
  readonly labels: Labels;
  readonly count: number;
}

interface State {
  /** Seconds by the monotonic clock. */
  readonly scannedAt: number;
  readonly scan: ZombieScan;
  /** Whether the last look found zombies of containers. */
  readonly inContainers: boolean;
}

/** Seconds after which all processes are looked at even if no container has anything unreaped. */
const FULL_SCAN_INTERVAL_SECONDS = 60;

export const zombies = defineCollector({
  name: 'zombies',
  help: 'zombie processes by container, and the parents that do not reap them',
  description:
    'Read every 15 s from /proc. Outside containers, `cgroup` names the systemd unit or other cgroup, `other` is the ' +
    'sum of the smaller ones, and counts may be a minute old. Of the parents, only those with the most zombies are ' +
    'exported.',
  metrics: [zombieProcesses, parents],
  reads: { procfs: 'all' },
  options: {},
  schedule: '*/15 * * * * *',
  timeoutSeconds: 10,

  collect(context, previous: State | undefined) {
    const { containers, now } = context;
    const isFresh = previous !== undefined && now() - previous.scannedAt < FULL_SCAN_INTERVAL_SECONDS;
    const isClean = isFresh && !previous.inContainers && unreapedTasks(context) === 0;
    const scannedAt = isClean ? previous.scannedAt : now();
    const scan = isClean ? previous.scan : findZombies(context, previous?.scan);
    const counted = scan.groups.map((group) => countGroup(context, group));
    const places = merge([
      ...emptyPlaces(containers),
      ...counted.map(({ labels: { command: _, ...place }, count }) => ({ labels: place, count })),
    ]);
    return {
      samples: [
        ...boundCgroups(places).map(({ labels, count }) => sample(zombieProcesses, count, labels)),
        ...largest(merge(counted), MAX_PARENTS).map(({ labels, count }) => sample(parents, count, labels)),
      ],
      state: { scannedAt, scan, inContainers: counted.some(({ labels }) => labels.container !== '') },
    };
  },
});

/** Who a group belongs to: by its own cgroup, by its parent's where cgroup v1 hides it. */
function countGroup(context: CollectorContext, group: ZombieGroup): Counted<Place & { command: string }> {
  const { host, containers } = context;
  const file = `${group.parent}/stat`;
  const stat = host.procfs.readIfPresent(file);
  const cgroups = host.procfs.readIfPresent(`${group.parent}/cgroup`) ?? '';
  const place = placeOf(containers, group.cgroup ?? mainCgroup(parseProcessCgroups(cgroups)));
  const parent = stat === undefined ? undefined : tryRead(context, `/proc/${file}`, () => parseProcessStat(stat));
  return { labels: { ...place, command: parent?.command ?? '' }, count: group.pids.length };
}

/**
 * Tasks of containers that have ended and are not reaped: pids.current counts zombies, the list of a cgroup's threads
 * does not. What a fork is just making counts too, so more than 0 is a suspicion. Undefined without a pids controller.
 */
function unreapedTasks(context: CollectorContext): number | undefined {
  const hierarchy = lookUpHierarchy(context, 'pids');
  if (!hierarchy) return undefined;
  const { tree, version } = hierarchy;
  let unreaped = 0;
  for (const { path } of containerCgroups(tree, context.containers)) {
    const current = Number(tree.readIfPresent(`${path}/pids.current`) ?? 0);
    const threads = tree.readIfPresent(`${path}/${version === 1 ? 'tasks' : 'cgroup.threads'}`) ?? '';
    unreaped += Math.max(0, current - threads.split('\n').filter(Boolean).length);
  }
  return unreaped;
}

/** Every container, and the host's root cgroup, so that none is told by absence. */
function emptyPlaces(directory: ContainerDirectory): Counted<Place>[] {
  const host = { namespace: '', pod: '', container: '', cgroup: '/' };
  return [host, ...directory.containers.map(placeOfOwner)].map((labels) => ({ labels, count: 0 }));
}

function placeOfOwner(owner: Omit<Place, 'cgroup'>): Place {
  return { ...ownerOf(owner), cgroup: '' };
}

function placeOf(directory: ContainerDirectory, cgroup: string): Place {
  const owner = directory.ownerOfCgroup(cgroup);
  return owner ? placeOfOwner(owner) : { namespace: '', pod: '', container: '', cgroup };
}

/** Counts of the same labels added up, in the order in which the labels come first. */
function merge<Labels extends Place>(counts: readonly Counted<Labels>[]): Counted<Labels>[] {
  const merged = new Map<string, { labels: Labels; count: number }>();
  for (const { labels, count } of counts) {
    const key = Object.values(labels).join('\0');
    const known = merged.get(key);
    if (known) known.count += count;
    else merged.set(key, { labels, count });
  }
  return [...merged.values()];
}

/** Cgroups outside containers that have few zombies are summed as `other`: sessions and scopes have new names each time. */
function boundCgroups(places: readonly Counted<Place>[]): readonly Counted<Place>[] {
  const outside = places.filter(({ labels }) => labels.cgroup !== '' && labels.cgroup !== '/');
  const rest = outside.sort(byCount).slice(MAX_CGROUPS);
  if (rest.length === 0) return places;
  const other = { namespace: '', pod: '', container: '', cgroup: 'other' };
  const count = rest.reduce((sum, place) => sum + place.count, 0);
  return [...places.filter((place) => !rest.includes(place)), { labels: other, count }];
}

function largest<Labels>(counts: readonly Counted<Labels>[], most: number): readonly Counted<Labels>[] {
  return [...counts].sort(byCount).slice(0, most);
}

function byCount(a: Counted<unknown>, b: Counted<unknown>): number {
  return b.count - a.count;
}

import { defineCollector } from '../collector.ts';
import { OWNER_LABELS, ownerOf } from '../containers/container.ts';
import type { ContainerDirectory } from '../containers/directory.ts';
import type { Host } from '../host.ts';
import { mainCgroup, parseProcessCgroups } from '../kernel/process-cgroup.ts';
import { parseProcessStat, processState } from '../kernel/process-stat.ts';
import { gauge, sample } from '../metric.ts';

const LABELS = [...OWNER_LABELS, 'cgroup'] as const;

const zombies_ = gauge(
  'foreshock_zombie_processes',
  'Processes that have ended and that their parent does not wait for, by container; for those outside containers ' +
    '`cgroup` names the systemd unit or other cgroup, `other` the sum of the smaller ones. Read from /proc.',
  LABELS,
);
const parents = gauge(
  'foreshock_zombie_parent_processes',
  'Zombies by the command of the parent that does not wait for them, the largest few.',
  [...LABELS, 'command'],
);

/** Series of each of the two metrics beyond the containers' own: cgroups and commands come and go. */
const MOST_CGROUPS = 50;
const MOST_PARENTS = 20;

interface Place {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly cgroup: string;
}

interface Counted<Labels> {
  readonly labels: Labels;
  count: number;
}

export const zombies = defineCollector({
  name: 'zombies',
  help: 'zombies by container, and the parents that do not reap them',
  metrics: [zombies_, parents],
  options: {},
  schedule: '*/15 * * * * *',
  timeout: 10,

  collect({ host, containers }) {
    const places = new Map<string, Counted<Place>>();
    const byParent = new Map<string, Counted<Place & { command: string }>>();
    for (const place of emptyPlaces(containers)) add(places, place, 0);
    const parentOf = parentReader(host);
    for (const { pid, parent } of findZombies(host)) {
      const { command, cgroup } = parentOf(parent);
      const place = placeOf(containers, cgroupOf(host, pid) ?? cgroup);
      add(places, place, 1);
      add(byParent, { ...place, command }, 1);
    }
    const shown = boundCgroups([...places.values()]);
    return {
      samples: [
        ...shown.map(({ labels, count }) => sample(zombies_, count, labels)),
        ...largest([...byParent.values()], MOST_PARENTS).map(({ labels, count }) => sample(parents, count, labels)),
      ],
    };
  },
});

/** Every container, and the host's root cgroup, so that none is told by absence. */
function emptyPlaces(directory: ContainerDirectory): Place[] {
  return [{ namespace: '', pod: '', container: '', cgroup: '/' }, ...directory.containers.map(placeOfOwner)];
}

function placeOfOwner(owner: Omit<Place, 'cgroup'>): Place {
  return { ...ownerOf(owner), cgroup: '' };
}

function placeOf(directory: ContainerDirectory, cgroup: string): Place {
  const owner = directory.ownerOfCgroup(cgroup);
  return owner ? placeOfOwner(owner) : { namespace: '', pod: '', container: '', cgroup };
}

/** All zombies of the host: one read for each process. Processes end while they are read. */
function* findZombies(host: Host): Generator<{ pid: number; parent: number }> {
  for (const name of host.procfs.list()) {
    if (!/^\d+$/.test(name)) continue;
    const stat = host.procfs.readIfPresent(`${name}/stat`);
    if (stat !== undefined && processState(stat) === 'Z') yield parseProcessStat(stat);
  }
}

/** A zombie keeps its place in cgroup v2; on v1 the kernel shows `/` for every exiting task (proc_cgroup_show). */
function cgroupOf(host: Host, pid: number): string | undefined {
  const { v2 } = parseProcessCgroups(host.procfs.readIfPresent(`${pid}/cgroup`) ?? '');
  return v2 === '/' ? undefined : v2;
}

/** Reads each parent once: 20,000 zombies have few. */
function parentReader(host: Host): (pid: number) => { command: string; cgroup: string } {
  const known = new Map<number, { command: string; cgroup: string }>();
  return (pid) => {
    let parent = known.get(pid);
    if (!parent) {
      const stat = host.procfs.readIfPresent(`${pid}/stat`);
      const cgroups = parseProcessCgroups(host.procfs.readIfPresent(`${pid}/cgroup`) ?? '');
      parent = { command: stat ? parseProcessStat(stat).command : '', cgroup: mainCgroup(cgroups) };
      known.set(pid, parent);
    }
    return parent;
  };
}

function add<Labels extends Place>(counts: Map<string, Counted<Labels>>, labels: Labels, by: number): void {
  const key = Object.values(labels).join('\0');
  const counted = counts.get(key);
  if (counted) counted.count += by;
  else counts.set(key, { labels, count: by });
}

/** Cgroups outside containers that have few zombies are summed as `other`: sessions and scopes have new names each time. */
function boundCgroups(places: readonly Counted<Place>[]): readonly Counted<Place>[] {
  const outside = places.filter(({ labels }) => labels.cgroup !== '' && labels.cgroup !== '/');
  const rest = outside.sort(byCount).slice(MOST_CGROUPS);
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

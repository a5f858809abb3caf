import { defineCollector } from '../collector.ts';
import { OWNER_LABELS } from '../containers/container.ts';
import type { ContainerDirectory } from '../containers/directory.ts';
import { addToTotals, type Totals } from '../containers/totals.ts';
import type { Host } from '../host.ts';
import { containerCgroups, findHierarchy, type Hierarchy, parseFlatKeyed } from '../kernel/cgroups.ts';
import { parseThreads } from '../kernel/loadavg.ts';
import { counter, gauge, sample } from '../metric.ts';

const used = gauge(
  'foreshock_pids_used',
  'Threads on this host, zombies included: what takes up process ids. Read every 15 s from /proc/loadavg.',
);
const limit = gauge(
  'foreshock_pids_limit',
  'How many threads the host can have: the smallest of kernel.pid_max, kernel.threads-max and the pids.max of the ' +
    'root cgroup where it has one. Read every 15 s.',
);
const limitHits = counter(
  'foreshock_container_pids_limit_hits_total',
  "How often a fork failed at a container's own pids limit, since this exporter started. Read every 15 s from " +
    'pids.events.',
  OWNER_LABELS,
);

/** What the last run saw of each container's pids.events, and the sums by owner. */
interface State {
  readonly hits: ReadonlyMap<string, number>;
  readonly totals: Totals;
}

export const pids = defineCollector({
  name: 'pids',
  help: 'threads against the limits of host and containers',
  metrics: [used, limit, limitHits],
  options: {},
  schedule: '*/15 * * * * *',
  timeout: 10,

  collect({ host, containers }, previous: State | undefined) {
    const hierarchy = findHierarchy(host, 'pids');
    const state = hierarchy && nextState(hierarchy, containers, previous);
    const samples = [
      sample(used, readThreads(host), {}),
      sample(limit, readLimit(host, hierarchy), {}),
      ...[...(state?.totals.values() ?? [])].map(({ owner, total }) => sample(limitHits, total, { ...owner })),
    ];
    return { samples, ...(state && { state }) };
  },
});

function readThreads(host: Host): number {
  const loadavg = host.procfs.read('loadavg');
  const threads = parseThreads(loadavg);
  if (threads === undefined) throw new Error(`not a /proc/loadavg line: ${JSON.stringify(loadavg)}`);
  return threads;
}

function readLimit(host: Host, hierarchy: Hierarchy | undefined): number {
  const texts = [
    host.procfs.read('sys/kernel/pid_max'),
    host.procfs.read('sys/kernel/threads-max'),
    hierarchy?.tree.readIfPresent('pids.max') ?? 'max',
  ];
  return Math.min(...texts.map((text) => text.trim()).map((text) => (text === 'max' ? Infinity : Number(text))));
}

/** Every container of the host is counted, so that a counter stays while its container is down. */
function nextState({ tree }: Hierarchy, directory: ContainerDirectory, previous: State | undefined): State {
  const hits = new Map<string, number>();
  for (const { path, container } of containerCgroups(tree, directory)) {
    const now = parseFlatKeyed(tree.readIfPresent(`${path}/pids.events`) ?? '').get('max');
    if (now !== undefined) hits.set(container.id, now);
  }
  const increases = directory.containers.map((owner) => ({
    owner,
    by: increase(previous, owner.id, hits.get(owner.id)),
  }));
  return { hits, totals: addToTotals(previous?.totals, increases) };
}

/**
 * What a container had when the exporter started is not counted: a restart of the exporter is not a burst of hits.
 * A container that was restarted counts from 0 again.
 */
function increase(previous: State | undefined, id: string, now: number | undefined): number {
  if (!previous || now === undefined) return 0;
  const before = previous.hits.get(id) ?? 0;
  return now >= before ? now - before : now;
}

import { counter, gauge, sample, sampleIfKnown } from '../../exposition/metric.ts';
import { defineCollector } from '../collector.ts';
import { OWNER_LABELS } from '../containers/container.ts';
import { containerCgroups } from '../containers/container-cgroups.ts';
import type { ContainerDirectory } from '../containers/directory.ts';
import { advance, type CgroupCounters } from '../containers/totals.ts';
import type { Host } from '../host/host.ts';
import { lookUpHierarchy } from '../inventory/lookups.ts';
import { type Hierarchy, parseFlatKeyed } from '../kernel/cgroups.ts';
import { parseThreads } from '../kernel/loadavg.ts';
import { PID_MAX_HIDDEN, parsePidLimit, readPidMax } from '../kernel/pid-max.ts';

export const used = gauge(
  'foreshock_pids_used',
  'Number of process IDs in use on the host: threads, zombies included.',
);
export const limit = gauge('foreshock_pids_limit', 'Maximum number of threads that the host can have.');
export const limitHits = counter(
  'foreshock_container_pids_limit_hits_total',
  "Number of forks that failed at a container's own pids limit.",
  OWNER_LABELS,
);

export const pids = defineCollector({
  name: 'pids',
  help: 'process IDs in use on the host, and the pids limits of host and containers',
  description:
    'Read every 15 s: process IDs in use from /proc/loadavg; the limit is the smallest of kernel.pid_max, ' +
    'kernel.threads-max and, where the root cgroup has one, its pids.max; it is left out where pid_max is not that of ' +
    "the host, as outside of the host's PID namespace since Linux 6.14. Limit hits come from the pids.events of " +
    'containers, counted since the exporter started.',
  metrics: [used, limit, limitHits],
  reads: { procfs: 'part' },
  options: {},
  schedule: '*/15 * * * * *',
  timeoutSeconds: 10,

  collect(context, previous: CgroupCounters | undefined) {
    const { host, containers } = context;
    const hierarchy = lookUpHierarchy(context, 'pids');
    const state = hierarchy && advance(previous, containers.containers, readHits(hierarchy, containers));
    const threadLimit = readLimit(host, hierarchy);
    if (threadLimit === undefined) context.absent(PID_MAX_HIDDEN);
    const samples = [
      sample(used, readThreads(host), {}),
      ...sampleIfKnown(limit, threadLimit, {}),
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

/** The smallest of the limits; undefined when one of them is not known, as any of them may be the smallest. */
function readLimit(host: Host, hierarchy: Hierarchy | undefined): number | undefined {
  const pidMax = readPidMax(host);
  const threadsMax = parsePidLimit(host.procfs.read('sys/kernel/threads-max'));
  const ofRoot = hierarchy?.tree.readIfPresent('pids.max') ?? 'max';
  return pidMax && Math.min(pidMax, threadsMax, ofRoot.trim() === 'max' ? Infinity : parsePidLimit(ofRoot));
}

/** How often each container ran into its limit, by id. */
function readHits({ tree }: Hierarchy, directory: ContainerDirectory): Map<string, number> {
  const hits = new Map<string, number>();
  for (const { path, container } of containerCgroups(tree, directory)) {
    const now = parseFlatKeyed(tree.readIfPresent(`${path}/pids.events`) ?? '').get('max');
    if (now !== undefined) hits.set(container.id, now);
  }
  return hits;
}

import { counter, gauge, type Sample, sample, sampleIfKnown } from '../../exposition/metric.ts';
import { pageSize } from '../../page-size.ts';
import { type CollectorContext, defineCollector } from '../collector.ts';
import { OWNER_LABELS } from '../containers/container.ts';
import { containerCgroups } from '../containers/container-cgroups.ts';
import { advance, type CgroupCounters } from '../containers/totals.ts';
import type { Host } from '../host/host.ts';
import { lookUpUnified } from '../inventory/lookups.ts';
import { parseFlatKeyed } from '../kernel/cgroups.ts';
import { type KswapdTime, readKswapdTime } from '../kernel/kswapd.ts';
import { type Pressure, readPressure } from '../kernel/pressure.ts';
import { countEvents } from '../kernel/vmstat.ts';
import { parseZones } from '../kernel/zoneinfo.ts';
import { tryRead } from '../report.ts';

export const kswapdTime = counter(
  'foreshock_kswapd_cpu_seconds_total',
  'CPU time in seconds of kswapd, the kernel threads that reclaim memory in the background.',
);
export const scanned = counter(
  'foreshock_reclaim_scanned_pages_total',
  'Number of pages scanned to free host memory, by kswapd or directly by waiting tasks.',
  ['by'],
);
export const stolen = counter(
  'foreshock_reclaim_stolen_pages_total',
  'Number of scanned pages that were freed, by kswapd or directly by waiting tasks.',
  ['by'],
);
export const refaults = counter(
  'foreshock_workingset_refaults_total',
  'Number of pages that were read back soon after their eviction from memory.',
  ['type'],
);
export const stalls = counter(
  'foreshock_allocation_stalls_total',
  'Number of times that a task had to free memory itself before it got some.',
);
export const headroom = gauge(
  'foreshock_memory_above_low_watermark_bytes',
  'Free memory minus the low watermark, in bytes; negative if kswapd does not keep up.',
);
export const pressure = counter(
  'foreshock_container_memory_pressure_seconds_total',
  "Seconds that some or all of a container's tasks waited for memory.",
  [...OWNER_LABELS, 'kind'],
);

/** USER_HZ, the same on every architecture that Kubernetes runs on. */
const TICKS_PER_SECOND = 100;
const MICROSECONDS_PER_SECOND = 1e6;

type PressureCounters = Readonly<Record<keyof Pressure, CgroupCounters>>;

interface State {
  readonly kswapd: KswapdTime | undefined;
  readonly pressure: PressureCounters | undefined;
}

export const reclaim = defineCollector({
  name: 'reclaim',
  help: 'memory reclaim, the distance to the low watermark, and memory pressure of containers',
  description:
    'Read every 15 s. Page counters and stalls come from /proc/vmstat and count since boot, as does the CPU time of ' +
    'kswapd, from /proc/PID/stat, summed over all NUMA nodes. Scanned and freed pages do not include reclaim for the ' +
    'limit of a container; refaults do, and before Linux 5.9 they count only pages of files. Free memory and ' +
    'watermarks come from /proc/zoneinfo; kswapd is woken below the low watermark. The distance is summed over all ' +
    'memory zones that have pages, so a single zone may be below its watermark while the sum is above. Memory ' +
    'pressure comes from memory.pressure of cgroup v2 and counts since the exporter started.',
  metrics: [kswapdTime, scanned, stolen, refaults, stalls, headroom, pressure],
  reads: { procfs: 'part' },
  options: {},
  schedule: '*/15 * * * * *',
  timeoutSeconds: 10,

  collect(context, previous: State | undefined) {
    const { host } = context;
    const kswapd = tryRead(context, '/proc', () => readKswapdTime(host, previous?.kswapd)) ?? previous?.kswapd;
    const counters =
      tryRead(context, 'cgroup v2', () => advancePressure(context, previous?.pressure)) ?? previous?.pressure;
    const vmstat =
      tryRead(context, '/proc/vmstat', () => parseFlatKeyed(host.procfs.read('vmstat'))) ?? new Map<string, number>();
    const pages = tryRead(context, '/proc/zoneinfo', () => readHeadroom(host));
    const bytesPerPage = pageSize();
    if (bytesPerPage === undefined) context.absent('the size of a page: /proc/self/auxv does not have it');
    if (kswapd?.threads.size === 0) context.absent("kswapd threads: the host's processes are not visible");
    if (!counters)
      context.absent('memory.pressure of containers: it needs cgroup v2 and Linux 4.20 or later with psi=1');
    return {
      samples: [
        ...sampleIfKnown(kswapdTime, kswapd && seconds(kswapd), {}),
        ...vmstatSamples(vmstat),
        ...sampleIfKnown(headroom, pages && bytesPerPage && pages * bytesPerPage, {}),
        ...pressureSamples(counters),
      ],
      state: { kswapd, pressure: counters },
    };
  },
});

/** Undefined when no thread is to be seen. */
function seconds({ threads, gone }: KswapdTime): number | undefined {
  if (threads.size === 0) return undefined;
  return [...threads.values()].reduce((sum, ticks) => sum + ticks, gone) / TICKS_PER_SECOND;
}

/** `workingset_refault` was divided in two by Linux 5.9, when anonymous pages began to count. */
function vmstatSamples(vmstat: ReadonlyMap<string, number>): Sample[] {
  const refaultsOfFiles = vmstat.get('workingset_refault_file') ?? vmstat.get('workingset_refault');
  return [
    ...['kswapd', 'direct'].flatMap((by) => [
      ...sampleIfKnown(scanned, countEvents(vmstat, `pgscan_${by}`), { by }),
      ...sampleIfKnown(stolen, countEvents(vmstat, `pgsteal_${by}`), { by }),
    ]),
    ...sampleIfKnown(refaults, vmstat.get('workingset_refault_anon'), { type: 'anon' }),
    ...sampleIfKnown(refaults, refaultsOfFiles, { type: 'file' }),
    ...sampleIfKnown(stalls, countEvents(vmstat, 'allocstall'), {}),
  ];
}

/** Pages by which all zones together are above their low watermarks. */
function readHeadroom(host: Host): number {
  const zones = parseZones(host.procfs.read('zoneinfo'));
  if (zones.length === 0) throw new Error('no zone with pages in it');
  return zones.reduce((pages, { free, low }) => pages + free - low, 0);
}

/** Undefined when there are containers and none has shown pressure, now or before. */
function advancePressure(
  context: CollectorContext,
  previous: PressureCounters | undefined,
): PressureCounters | undefined {
  const { containers } = context.containers;
  const now = readPressures(context, previous);
  const isKept = now.size > 0 || (previous !== undefined && previous.some.totals.size > 0);
  if (!isKept && containers.length > 0) return undefined;
  const next = (kind: keyof Pressure) =>
    advance(previous?.[kind], containers, new Map([...now].map(([id, microseconds]) => [id, microseconds[kind]])));
  return { some: next('some'), full: next('full') };
}

/** By container id; of a container whose file cannot be read the last values, lest the next ones count as all new. */
function readPressures(context: CollectorContext, previous: PressureCounters | undefined) {
  const { containers, fault } = context;
  const pressures = new Map<string, Pressure>();
  const tree = lookUpUnified(context);
  for (const { path, container } of tree ? containerCgroups(tree, containers) : []) {
    const file = `${path}/memory.pressure`;
    try {
      const read = tree && readPressure(tree, file);
      if (read) pressures.set(container.id, read);
    } catch (error) {
      fault(file, error);
      const [some, full] = [previous?.some.counts.get(container.id), previous?.full.counts.get(container.id)];
      if (some !== undefined && full !== undefined) pressures.set(container.id, { some, full });
    }
  }
  return pressures;
}

function pressureSamples(counters: PressureCounters | undefined): Sample[] {
  return Object.entries(counters ?? {}).flatMap(([kind, { totals }]) =>
    [...totals.values()].map(({ owner, total }) =>
      sample(pressure, total / MICROSECONDS_PER_SECOND, { ...owner, kind }),
    ),
  );
}

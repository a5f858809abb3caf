import { counter, gauge, sample } from '../../exposition/metric.ts';
import { type CollectorContext, defineCollector } from '../collector.ts';
import { OWNER_LABELS, type Owner, ownerKey, ownerOf } from '../containers/container.ts';
import { LogDirectories } from '../containers/log-directories.ts';
import { readLogFiles, withoutUnfinished } from '../containers/log-files.ts';
import { type CountedLog, writtenBytes } from '../containers/log-growth.ts';
import { dockerLogs, type Log, logPath, MAX_LOG_NAMES, pluginLogs, podLogs } from '../containers/logs.ts';
import { addToTotals, type Increase, type Totals } from '../containers/totals.ts';
import { type Fact, ifRecent } from '../inventory/facts.ts';
import { inspectKubelet, lookUpPath, reportUnidentified } from '../inventory/lookups.ts';
import { HIDDEN } from '../inventory/visibility.ts';
import { logLimit } from '../kubelet/log-limit.ts';
import { pathsOf } from '../locations/ranking.ts';

export const bytes = gauge(
  'foreshock_container_log_bytes',
  "Disk space in bytes of a container's log files, rotated files and exited instances included.",
  OWNER_LABELS,
);
export const written = counter(
  'foreshock_container_log_written_bytes_total',
  "Bytes written to a container's log, across rotations and restarts.",
  OWNER_LABELS,
);
export const limit = gauge(
  'foreshock_container_log_limit_bytes',
  "Maximum bytes of one container instance's log under its rotation settings; +Inf if unlimited.",
  OWNER_LABELS,
);

interface State {
  /** When the first run began, in nanoseconds of Unix time; if the clock was set back since, the first one after. */
  readonly countingSince: bigint;
  /** By the path of the file being written: its files, and when the run began that last saw them. */
  readonly logs: ReadonlyMap<string, { readonly files: CountedLog; readonly seenAt: bigint }>;
  readonly totals: Totals;
  /** What the kubelet lets a log grow to, undefined when nothing is known of a kubelet. */
  readonly kubeletLimit: Fact<number | undefined>;
}

/** Seconds for which the kubelet's limit stays when no round finds the kubelet: to find it costs a read for each process. */
const OWN_LIMIT_SECONDS = 300;

/** Nanoseconds by which the times of files may be behind the clock: the kernel takes them from its last tick. */
const CLOCK_TICK_NANOSECONDS = 1_000_000_000n;

export const containerLogs = defineCollector({
  name: 'container_logs',
  help: 'the size, growth and limits of container logs',
  description:
    "Read every 15 s from Docker's container directories and logging plugins, and from the kubelet's podLogsDir; a " +
    'container that logs elsewhere has no series. With a driver that sends logs away, such as gelf, syslog or fluentd, ' +
    'the log is the copy that Docker keeps, `container-cached.log`; with a plugin that keeps one, its `json.log`. ' +
    'Written bytes are the growth of the files between two reads, counted since the exporter started. Files that ' +
    'are links are read only if they lead to a log of Docker; a log with others, or with more than ' +
    `${MAX_LOG_NAMES.toLocaleString('en')} files, counts as unmeasured, but what is read of it is exported. ` +
    "The limit is max-size × max-file of Docker's hostconfig.json, or the kubelet's containerLogMaxSize × " +
    'containerLogMaxFiles, read once a minute.',
  metrics: [bytes, written, limit],
  reads: { rootfs: 'all' },
  unmeasuredReasons: [HIDDEN, 'unidentified', 'log_unreadable', 'log_partly_read'],
  options: {},
  schedule: '*/15 * * * * *',
  timeoutSeconds: 10,

  collect(context, previous: State | undefined) {
    const startedAt = BigInt(Math.floor(context.unixTime() * 1000)) * 1_000_000n - CLOCK_TICK_NANOSECONDS;
    const countingSince = previous && previous.countingSince < startedAt ? previous.countingSince : startedAt;
    const kubeletLimit = findKubeletLimit(context, previous?.kubeletLimit);
    const usage = new Map<string, { owner: Owner; allocated: number; limit: number | undefined }>();
    const logs = new Map<string, { files: CountedLog; seenAt: bigint }>();
    const increases: Increase[] = [];
    const unmeasured = { ...reportUnidentified(context), log_unreadable: 0, log_partly_read: 0 };
    for (const { log, files, isPartial, failed } of readLogs(context, kubeletLimit.value, previous)) {
      if (log.isOptional && !failed && files.length === 0) continue;
      const path = logPath(log);
      const owner = ownerOf(log.owner);
      const before = previous?.logs.get(path);
      if (isPartial) unmeasured.log_partly_read += 1;
      if (failed) {
        unmeasured.log_unreadable += 1;
        increases.push({ owner, by: 0 });
        if (before) logs.set(path, before);
        continue;
      }
      const now = withoutUnfinished(files).map(({ allocated: _, ...file }) => file);
      // A log that was not looked at before may have been there already: its container became known only now.
      const since = before?.seenAt ?? previous?.countingSince;
      increases.push({ owner, by: writtenBytes(before?.files ?? [], now, since) });
      logs.set(path, { files: now, seenAt: startedAt });
      const known = usage.get(ownerKey(owner));
      const allocated = files.reduce((sum, file) => sum + file.allocated, known?.allocated ?? 0);
      usage.set(ownerKey(owner), { owner, allocated, limit: larger(known?.limit, log.limit) });
    }
    const totals = addToTotals(previous?.totals, increases);
    return {
      samples: [
        ...[...usage.values()].map(({ owner, allocated }) => sample(bytes, allocated, { ...owner })),
        ...[...totals.values()].map(({ owner, total }) => sample(written, total, { ...owner })),
        ...[...usage.values()].flatMap((of) =>
          of.limit === undefined ? [] : sample(limit, of.limit, { ...of.owner }),
        ),
      ],
      state: { countingSince, logs, totals, kubeletLimit },
      unmeasured,
    };
  },
});

/** Reads every log once: below cri-dockerd the logs of pods are links to Docker's, which come first. */
function* readLogs(context: CollectorContext, kubeletLimit: number | undefined, previous: State | undefined) {
  const directories = new LogDirectories(context.host);
  const ofDocker = new Set<string>();
  try {
    const dataRoots = pathsOf(context.facts.locations?.value ?? [], 'docker_root');
    const ofPlugins = pluginLogs(context, directories, context.containers, dataRoots);
    for (const log of [...dockerLogs(context.containers), ...ofPlugins]) {
      const read = readLog(context, directories, log);
      // Two paths may lead to one data root.
      if (read.files.some(({ inode }) => ofDocker.has(inode))) continue;
      for (const { inode } of read.files) ofDocker.add(inode);
      yield read;
    }
    const root = lookUpPath(context, 'pod_logs');
    const known = [...(previous?.logs.keys() ?? [])];
    for (const log of root === undefined ? [] : podLogs(context, directories, { root, limit: kubeletLimit }, known)) {
      const read = readLog(context, directories, log);
      if (!read.files.some(({ inode }) => ofDocker.has(inode))) yield read;
    }
  } finally {
    directories.close();
  }
}

function readLog({ progress, fault }: CollectorContext, directories: LogDirectories, log: Log) {
  const path = logPath(log);
  progress(path);
  try {
    return { log, ...readLogFiles(directories, log), failed: false };
  } catch (error) {
    fault(path, error);
    return { log, files: [], isPartial: false, failed: true };
  }
}

function findKubeletLimit(
  context: CollectorContext,
  previous: State['kubeletLimit'] | undefined,
): State['kubeletLimit'] {
  const { facts, now, fault } = context;
  const own = ifRecent(previous, now(), OWN_LIMIT_SECONDS);
  if (own && !ifRecent(facts.kubelet, now())) return own;
  const unknown = { foundAt: Number.NEGATIVE_INFINITY, value: previous?.value };
  try {
    const { configuration, error } = inspectKubelet(context);
    if (error === undefined) return { foundAt: now(), value: configuration && logLimit(configuration) };
    return { ...unknown, value: configuration ? logLimit(configuration) : unknown.value };
  } catch (error) {
    fault("the kubelet's configuration", error);
    return unknown;
  }
}

function larger(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.max(a, b);
}

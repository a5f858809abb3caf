import { posix } from 'node:path';
import type { OpenDirectory } from '../host/open-directory.ts';
import { type Report, tryRead } from '../report.ts';
import { CONTAINER_ID } from './cgroup-path.ts';
import { type Owner, UNKNOWN } from './container.ts';
import type { ContainerDirectory } from './directory.ts';
import type { LogDirectories } from './log-directories.ts';
import { parsePodLogDirectory } from './pod-logs.ts';

/** Names read of the directory of a log: rotation keeps a few files. */
export const MAX_LOG_NAMES = 100_000;

/** The log of one container: files in one directory whose names begin alike. */
export interface Log {
  readonly owner: Owner;
  /** The directory of the host that all logs of this kind are in. */
  readonly root: string;
  /** The directory of this log, below the root. */
  readonly directory: string;
  /** Name of the file being written; rotated ones have it as their beginning. */
  readonly active: string;
  /** As `ContainerLog.limit`; the kubelet's for logs it rotates. */
  readonly limit: number | undefined;
  /** As in `ContainerLog`. */
  readonly isOptional?: true;
}

/** Path on the host of the file being written. */
export function logPath({ root, directory, active }: Log): string {
  return posix.join(root, directory, active);
}

/** Logs that Docker writes to files, of all its containers. */
export function dockerLogs({ containers }: ContainerDirectory): Log[] {
  return containers.flatMap(({ log, ...owner }) => {
    const [, root, directory, active] = /^(.*\/containers)\/(.+)\/([^/]+)$/.exec(log?.path ?? '') ?? [];
    if (!log || !root || !directory || !active) return [];
    return [
      { owner, root, directory, active, limit: log.limit, ...(log.isOptional && { isOptional: log.isOptional }) },
    ];
  });
}

/** Where plugins that can be read keep their files, by container (moby's jsonfilelog, as the plugins of Loki and Splunk use it). */
const PLUGIN_LOGS = 'rootfs/var/log/docker';

/**
 * Logs that Docker's logging plugins keep, `<data root>/plugins/<plugin id>/rootfs/var/log/docker/<container id>/json.log`;
 * those of containers that are gone are among them, whose owner is unknown. Their rotation is each plugin's own.
 */
export function pluginLogs(
  report: Pick<Report, 'progress' | 'fault'>,
  directories: LogDirectories,
  containers: ContainerDirectory,
  dataRoots: readonly string[],
): Log[] {
  return dataRoots.flatMap((dataRoot) => {
    const root = `${dataRoot}/plugins`;
    const idsIn = (directory: string) =>
      tryRead(report, posix.join(root, directory), () =>
        directories.use(root, directory, (opened) => opened.directories().filter((name) => CONTAINER_ID.test(name))),
      ) ?? [];
    return idsIn('').flatMap((plugin) =>
      idsIn(`${plugin}/${PLUGIN_LOGS}`).map((id) => {
        const owner = containers.get(id) ?? { namespace: '', pod: '', container: UNKNOWN };
        const directory = `${plugin}/${PLUGIN_LOGS}/${id}`;
        return { owner, root, directory, active: 'json.log', limit: undefined, isOptional: true as const };
      }),
    );
  });
}

/**
 * Logs that a CRI runtime writes and the kubelet rotates, below `root`: `<pod>/<container>/<restart>.log`, rotated ones
 * `<restart>.log.<time>` and `….gz` (pkg/kubelet/logs/container_log_manager.go). Exited containers are among them as
 * long as the kubelet keeps them. In a directory that cannot be read there are those of the last look, `known` by their
 * paths: what they have written shall not begin again at 0.
 */
export function podLogs(
  report: Pick<Report, 'progress' | 'fault'>,
  directories: LogDirectories,
  { root, limit }: Pick<Log, 'root' | 'limit'>,
  known: readonly string[] = [],
): Log[] {
  const list = (directory: string, read: (opened: OpenDirectory) => string[]) => {
    const about = posix.join(root, directory);
    return tryRead(report, about, () => directories.use(root, directory, read) ?? []);
  };
  const subdirectories = (directory: string) => list(directory, (opened) => opened.directories());
  const before = (directory: string) => known.filter((path) => path.startsWith(posix.join(root, directory, '/')));
  const ofContainer = (directory: string) => {
    const names = list(directory, (opened) => opened.names(MAX_LOG_NAMES));
    const active = new Set(names?.flatMap((name) => /^(\d+\.log)(?:\.|$)/.exec(name)?.[1] ?? []));
    return names ? [...active].map((name) => posix.join(root, directory, name)) : before(directory);
  };
  const ofPod = (pod: string) =>
    subdirectories(pod)?.flatMap((container) => ofContainer(`${pod}/${container}`)) ?? before(pod);
  const paths = subdirectories('')?.filter(parsePodLogDirectory).flatMap(ofPod) ?? before('');
  return paths.flatMap((path) => podLogAt(path, root, limit) ?? []);
}

/** The log of this active file below the directory of all pods, `root`; undefined when that is not where the kubelet has any. */
function podLogAt(path: string, root: string, limit: number | undefined): Log | undefined {
  const [podDirectory = '', container, active] = posix.relative(root, path).split('/');
  const pod = parsePodLogDirectory(podDirectory);
  if (!pod || container === undefined || active === undefined) return undefined;
  const owner = { namespace: pod.namespace, pod: pod.pod, container };
  return { owner, root, directory: `${podDirectory}/${container}`, active, limit };
}

import { posix } from 'node:path';
import type { OpenDirectory } from '../host/open-directory.ts';
import { type Report, tryRead } from '../report.ts';
import type { Owner } from './container.ts';
import type { ContainerDirectory } from './directory.ts';
import type { LogDirectories } from './log-directories.ts';
import { POD_LOGS, parsePodLogDirectory } from './pod-logs.ts';

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
}

/** Path on the host of the file being written. */
export function logPath({ root, directory, active }: Log): string {
  return posix.join(root, directory, active);
}

/** Logs that Docker writes to files, of all its containers. */
export function dockerLogs({ containers }: ContainerDirectory): Log[] {
  return containers.flatMap(({ log, ...owner }) => {
    const [, root, directory, active] = /^(.*\/containers)\/(.+)\/([^/]+)$/.exec(log?.path ?? '') ?? [];
    return root && directory && active ? [{ owner, root, directory, active, limit: log?.limit }] : [];
  });
}

/**
 * Logs that a CRI runtime writes and the kubelet rotates: `<pod>/<container>/<restart>.log`, rotated ones
 * `<restart>.log.<time>` and `….gz` (pkg/kubelet/logs/container_log_manager.go). Exited containers are among them as
 * long as the kubelet keeps them.
 */
export function podLogs(
  report: Pick<Report, 'progress' | 'fault'>,
  directories: LogDirectories,
  limit: number | undefined,
): Log[] {
  const root = POD_LOGS;
  const list = (directory: string, read: (opened: OpenDirectory) => string[]) =>
    tryRead(report, posix.join(root, directory), () => directories.use(root, directory, read)) ?? [];
  const subdirectories = (directory: string) => list(directory, (opened) => opened.directories());
  return subdirectories('').flatMap((podDirectory) => {
    const pod = parsePodLogDirectory(podDirectory);
    if (!pod) return [];
    return subdirectories(podDirectory).flatMap((container) => {
      const directory = `${podDirectory}/${container}`;
      const owner = { namespace: pod.namespace, pod: pod.pod, container };
      const names = list(directory, (opened) => opened.names(MAX_LOG_NAMES));
      const active = new Set(names.flatMap((name) => /^(\d+\.log)(?:\.|$)/.exec(name)?.[1] ?? []));
      return [...active].map((active) => ({ owner, root, directory, active, limit }));
    });
  });
}

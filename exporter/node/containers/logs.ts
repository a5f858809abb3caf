import { posix } from 'node:path';
import { isAbsence } from '../host/absence.ts';
import type { Host } from '../host/host.ts';
import type { Tree } from '../host/tree.ts';
import { type Report, tryRead } from '../report.ts';
import type { Owner } from './container.ts';
import type { ContainerDirectory } from './directory.ts';
import type { LogFile } from './log-growth.ts';
import { POD_LOGS, parsePodLogDirectory } from './pod-logs.ts';

/** The log of one container: files in one directory whose names begin alike. */
export interface Log {
  readonly owner: Owner;
  /** Directory on the host. */
  readonly directory: string;
  /** Name of the file being written; rotated ones have it as their beginning. */
  readonly active: string;
  /** As `ContainerLog.limit`; the kubelet's for logs it rotates. */
  readonly limit: number | undefined;
}

/** Logs that Docker writes to files, of all its containers. */
export function dockerLogs({ containers }: ContainerDirectory): Log[] {
  return containers.flatMap(({ log, ...owner }) =>
    log ? [{ owner, directory: posix.dirname(log.path), active: posix.basename(log.path), limit: log.limit }] : [],
  );
}

/**
 * Logs that a CRI runtime writes and the kubelet rotates: `<pod>/<container>/<restart>.log`, rotated ones
 * `<restart>.log.<time>` and `….gz` (pkg/kubelet/logs/container_log_manager.go). Exited containers are among them as
 * long as the kubelet keeps them.
 */
export function podLogs(report: Pick<Report, 'host' | 'progress' | 'fault'>, limit: number | undefined): Log[] {
  const list = (directory: string, read: () => string[]) => tryRead(report, directory, read) ?? [];
  const pods = report.host.rootfs.subtree(POD_LOGS);
  return list(POD_LOGS, () => pods.directories()).flatMap((podDirectory) => {
    const pod = parsePodLogDirectory(podDirectory);
    if (!pod) return [];
    return list(`${POD_LOGS}/${podDirectory}`, () => pods.directories(podDirectory)).flatMap((container) => {
      const directory = `${POD_LOGS}/${podDirectory}/${container}`;
      const owner = { namespace: pod.namespace, pod: pod.pod, container };
      const names = list(directory, () => pods.listIfPresent(`${podDirectory}/${container}`));
      const active = new Set(names.flatMap((name) => /^(\d+\.log)(?:\.|$)/.exec(name)?.[1] ?? []));
      return [...active].map((active) => ({ owner, directory, active, limit }));
    });
  });
}

/** A file of a log, with the bytes it takes on the disk. */
export interface LogFileUsage extends LogFile {
  readonly allocated: number;
}

/** How often a log is looked at again when rotation came between the list of its files and a look at each. */
const MAX_LOOKS = 3;

/** All files of a log, links followed on the host, as they were at one moment. */
export function readLogFiles(host: Host, log: Log): LogFileUsage[] {
  const tree = host.rootfs.subtree(log.directory);
  for (let look = 1; ; look += 1) {
    const names = logNames(tree, log);
    const files = lookAtFiles(host, tree, log, names);
    // Rotation changes the names or puts another file in the place of the active one.
    const active = lookAtFiles(host, tree, log, [log.active])[0]?.inode;
    const isStable = active === files.find((file) => file.active)?.inode && `${logNames(tree, log)}` === `${names}`;
    if (isStable || look === MAX_LOOKS) return files;
  }
}

function logNames(tree: Tree, { active }: Log): string[] {
  return tree.listIfPresent().filter((name) => name === active || name.startsWith(`${active}.`));
}

function lookAtFiles(host: Host, tree: Tree, { directory, active }: Log, names: readonly string[]): LogFileUsage[] {
  return names.flatMap((name) => {
    const entry = tree.lstatExact(name);
    const status = entry?.isSymbolicLink() ? host.rootfs.stat(posix.join(directory, name)) : entry;
    if (!status?.isFile()) return [];
    const compressed = name.endsWith('.gz');
    const size = compressed ? uncompressedSize(tree, name, Number(status.size)) : Number(status.size);
    if (size === undefined) return [];
    return {
      name,
      inode: `${status.dev}:${status.ino}`,
      size,
      created: status.birthtimeNs,
      changed: status.ctimeNs,
      active: name === active,
      compressed,
      allocated: Number(status.blocks) * 512,
    };
  });
}

/** Without what rotation is still busy with: temporary files, and compressed ones whose original is still there. */
export function withoutUnfinished<File extends LogFile>(files: readonly File[]): File[] {
  const names = new Set(files.map(({ name }) => name));
  return files.filter(
    ({ name, compressed }) => !name.endsWith('.tmp') && !(compressed && names.has(name.slice(0, -'.gz'.length))),
  );
}

/**
 * The last four bytes of a gzip file are its uncompressed size modulo 2^32 (RFC 1952, ISIZE). Undefined when rotation
 * took the file away.
 */
function uncompressedSize(tree: Tree, name: string, size: number): number | undefined {
  try {
    const end = tree.readEnd(name, size, 4);
    return end.length === 4 ? end.readUInt32LE() : 0;
  } catch (error) {
    if (isAbsence(error)) return undefined;
    throw error;
  }
}

import type { OpenDirectory } from '../host/open-directory.ts';
import type { LogDirectories } from './log-directories.ts';
import { type LogFile, type LogFileUsage, logFile } from './log-file.ts';
import { type Log, MAX_LOG_NAMES } from './logs.ts';

export interface LogFiles {
  readonly files: LogFileUsage[];
  /** Whether there are files that were not looked at: too many, or links that lead to no log. */
  readonly isPartial: boolean;
}

/** How often a log is looked at again when rotation came between the list of its files and a look at each. */
const MAX_LOOKS = 3;

/** The files of a log as they were at one moment, each once, whatever names it has. */
export function readLogFiles(directories: LogDirectories, log: Log): LogFiles {
  const none = { files: [], isPartial: false };
  return directories.use(log.root, log.directory, (directory) => readIn(directory, directories, log)) ?? none;
}

function readIn(directory: OpenDirectory, directories: LogDirectories, { active }: Log): LogFiles {
  const look = (names: readonly string[]) => lookAtFiles(directory, directories, active, names);
  const list = () => directory.names(MAX_LOG_NAMES).filter((name) => name === active || name.startsWith(`${active}.`));
  for (let looks = 1; ; looks += 1) {
    const names = list();
    const found = look(names);
    // Rotation changes the names or puts another file in the place of the active one.
    const inode = look([active]).files[0]?.inode;
    const isStable = inode === found.files.find((file) => file.active)?.inode && `${list()}` === `${names}`;
    if (isStable || looks === MAX_LOOKS) return found;
  }
}

function lookAtFiles(
  directory: OpenDirectory,
  directories: LogDirectories,
  active: string,
  names: readonly string[],
): LogFiles {
  const byInode = new Map<string, LogFileUsage>();
  let isPartial = names.length >= MAX_LOG_NAMES;
  for (const name of names) {
    const entry = directory.lstatExact(name);
    const link = entry?.isSymbolicLink() ? dockerLogBehind(directory.readLink(name)) : undefined;
    if (entry?.isSymbolicLink() && !link) isPartial = true;
    const status = link ? directories.use(link.root, link.id, (target) => target.lstatExact(link.name)) : entry;
    const file = status?.isFile() ? logFile(directory, name, status, active) : undefined;
    if (file && (file.active || !byInode.has(file.inode))) byInode.set(file.inode, file);
  }
  return { files: [...byInode.values()], isPartial };
}

/**
 * The parts of `<data root>/containers/<id>/<id>-json.log`, a log of Docker. For cri-dockerd the kubelet makes links to
 * these, which are all that are followed: where a container may write, links could lead anywhere.
 */
function dockerLogBehind(target: string | undefined): { root: string; id: string; name: string } | undefined {
  const [, root, id, name] = /^(\/(?:.*\/)?containers)\/([0-9a-f]{64})\/(\2-json\.log)$/.exec(target ?? '') ?? [];
  return root && id && name ? { root, id, name } : undefined;
}

/** Without what rotation is still busy with: temporary files, and compressed ones whose original is still there. */
export function withoutUnfinished<File extends LogFile>(files: readonly File[]): File[] {
  const names = new Set(files.map(({ name }) => name));
  return files.filter(
    ({ name, compressed }) => !name.endsWith('.tmp') && !(compressed && names.has(name.slice(0, -'.gz'.length))),
  );
}

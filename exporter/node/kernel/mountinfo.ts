import type { Host } from '../host/host.ts';

/** One mount of a process's mount namespace. */
export interface Mount {
  /** The directory of the file system that is mounted: `/` unless it is a bind mount or another cgroup namespace. */
  readonly root: string;
  readonly mountPoint: string;
  readonly fileSystem: string;
  /** Options of the file system itself as the kernel wrote them, `upperdir=` of an overlay among them. */
  readonly options: string;
}

/** The mounts of some file systems, and how many mounts of any there are. */
export interface MountTable {
  readonly count: number;
  readonly mounts: readonly Mount[];
}

/**
 * /proc/PID/mountinfo (Documentation/filesystems/proc.rst, 3.5), one mount a line:
 * `36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue`,
 * with any number of optional fields before the single `-`. Every line counts; only those of `fileSystems` are taken
 * apart, as a node that leaks mounts has 100,000 of others. Lines that are not of this form are passed over.
 */
export function parseMountinfo(text: string, fileSystems: readonly string[]): MountTable {
  const wanted = new Set(fileSystems);
  const mounts: Mount[] = [];
  let count = 0;
  let separator = text.indexOf(' - ');
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf('\n', start);
    const end = newline === -1 ? text.length : newline;
    if (end > start) count += 1;
    if (separator !== -1 && separator < start) separator = text.indexOf(' - ', start);
    if (separator !== -1 && separator < end && wanted.has(wordAt(text, separator + 3))) {
      const mount = parseMount(text.slice(start, separator), text.slice(separator + 3, end));
      if (mount) mounts.push(mount);
    }
    start = end + 1;
  }
  return { count, mounts };
}

function wordAt(text: string, start: number): string {
  return text.slice(start, text.indexOf(' ', start));
}

/** The fields before the separator, `36 35 98:0 /mnt1 /mnt2 rw,noatime …`, and those after it, `ext3 /dev/root rw`. */
function parseMount(before: string, after: string): Mount | undefined {
  const [, , , root, mountPoint, mountOptions] = before.split(' ');
  const [fileSystem, source, options = ''] = after.split(' ');
  if (root === undefined || mountPoint === undefined || mountOptions === undefined) return undefined;
  if (fileSystem === undefined || source === undefined) return undefined;
  return { root: unescapeMount(root), mountPoint: unescapeMount(mountPoint), fileSystem, options };
}

/** The kernel writes space, tab, newline and backslash as `\040`, `\011`, `\012` and `\134` (fs/seq_file.c, mangle_path). */
export function unescapeMount(text: string): string {
  return text.replaceAll(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}

/** The value of an option such as `upperdir`, '' for a flag; overlayfs writes a comma in a value as `\054`. */
export function mountOption(mount: Mount, name: string): string | undefined {
  for (const option of mount.options.split(',')) {
    if (option === name) return '';
    if (option.startsWith(`${name}=`)) return unescapeMount(option.slice(name.length + 1));
  }
  return undefined;
}

/** The host's mounts: those of its first process, or our own when that may not be read. */
export function readMountTable(host: Host, fileSystems: readonly string[]): MountTable {
  return parseMountinfo(host.procfs.readIfPresent('1/mountinfo') ?? host.procfs.read('self/mountinfo'), fileSystems);
}

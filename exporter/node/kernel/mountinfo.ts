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

/**
 * /proc/PID/mountinfo (Documentation/filesystems/proc.rst, 3.5), one mount a line:
 * `36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue`,
 * with any number of optional fields before the single `-`. Lines that are not of this form are passed over.
 */
export function parseMountinfo(text: string): Mount[] {
  const mounts: Mount[] = [];
  for (const line of text.split('\n')) {
    const fields = line.split(' ');
    const separator = fields.indexOf('-', 6);
    const [root, mountPoint, fileSystem] = [fields[3], fields[4], fields[separator + 1]];
    if (separator === -1 || root === undefined || mountPoint === undefined || fileSystem === undefined) continue;
    mounts.push({
      root: unescapeMount(root),
      mountPoint: unescapeMount(mountPoint),
      fileSystem,
      options: fields[separator + 3] ?? '',
    });
  }
  return mounts;
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
export function hostMounts(host: Host): Mount[] {
  return parseMountinfo(readMountinfo(host));
}

/** The text of the same table: one line a mount. */
export function readMountinfo(host: Host): string {
  return host.procfs.readIfPresent('1/mountinfo') ?? host.procfs.read('self/mountinfo');
}

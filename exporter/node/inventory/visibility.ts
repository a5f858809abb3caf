import { statSync } from 'node:fs';
import { absentAsUndefined } from '../host/absence.ts';
import type { Host } from '../host/host.ts';

/** The trees of the host that a flag `--path.<name>` names. */
export const HOST_TREES = ['procfs', 'rootfs'] as const;
export type HostTree = (typeof HOST_TREES)[number];

/** A tree that shows no host, and how that can be told. */
export interface HiddenTree {
  readonly tree: HostTree;
  readonly reason: string;
}

/** How much of the host is to be seen. A plain value, so that it can cross threads. */
export interface Visibility {
  readonly hidden: readonly HiddenTree[];
  /** What could not be read of what names containers, and why: with any of it, some containers may not be known. */
  readonly unread: readonly string[];
}

/** Why a container is not measured where its tree shows no host. */
export const HIDDEN = 'host_not_visible';

/** How the log and the readiness name a hidden tree. */
export function describeHidden({ tree, reason }: HiddenTree): string {
  return `--path.${tree} shows no host: ${reason}`;
}

/**
 * The trees that show no host: a mount was lost, a path has a typing error, or the exporter sees its own container in the
 * place of the host. Otherwise "nothing there" would look like a quiet host. `mounts` is how many the host has, undefined
 * when that could not be read. Only `trees` are looked at, as a look may hang with the disk below.
 */
export function hiddenTrees(
  host: Host,
  mounts: number | undefined,
  trees: readonly HostTree[] = HOST_TREES,
): HiddenTree[] {
  return trees.flatMap((tree) => {
    const reason = tree === 'procfs' ? whyNoProcesses(host, mounts) : whyNoFiles(host);
    return reason === undefined ? [] : [{ tree, reason }];
  });
}

function whyNoProcesses({ procfs }: Host, mounts: number | undefined): string | undefined {
  if (procfs.lstat('1') === undefined) return 'it has no process 1';
  // A recorded /proc has a directory there.
  if (procfs.linkTarget('self') === '1') return 'its process 1 is the exporter itself';
  return mounts === 0 ? 'its process 1 has no mounts' : undefined;
}

function whyNoFiles(host: Host): string | undefined {
  try {
    const names = absentAsUndefined(() => host.rootfs.list('/'));
    if (names === undefined) return 'there is no such directory';
    if (names.length === 0) return 'the directory is empty';
  } catch (error) {
    return `the directory cannot be read (${(error as NodeJS.ErrnoException).code})`;
  }
  return isOwnContainer(host) ? "it is the root directory of the exporter's own container" : undefined;
}

/** Whether the root file system is that of this process, and process 1 of the host has another. False where that is hidden. */
function isOwnContainer({ procfs, rootfs }: Host): boolean {
  try {
    const [own, given, first] = [statSync('/'), rootfs.statOfKernelLink(''), procfs.statOfKernelLink('1/root')];
    const isOwn = own.ino === given?.ino && own.dev === given.dev;
    return isOwn && first !== undefined && (first.ino !== own.ino || first.dev !== own.dev);
  } catch {
    return false;
  }
}

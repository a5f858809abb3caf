import { isAbsence } from '../host/absence.ts';
import type { Tree } from '../host/tree.ts';
import { FileRefused } from '../host/untrusted-file.ts';
import type { Mount } from '../kernel/mountinfo.ts';
import { mountOption } from '../kernel/mountinfo.ts';
import type { Location } from '../locations/location.ts';
import type { Report } from '../report.ts';
import type { Container, UnreadReason } from './container.ts';

/** What a runtime is given to find its containers. */
export interface RuntimeContext extends Pick<Report, 'host' | 'progress' | 'fault'> {
  /** The overlay mounts of the host, those of the layers of running containers among them. */
  readonly overlays: readonly Mount[];
  /** Writable layers of running containers by container id, where the mount point names the container. */
  readonly layers: ReadonlyMap<string, string>;
  /** Containers of the last run by id, for runtimes whose files never change. */
  readonly known: ReadonlyMap<string, Container>;
  /** Where the runtimes have their files. */
  readonly locations: readonly Location[];
}

/**
 * `upperdir` of the overlay mounts that carry a container id: `…/io.containerd.runtime.v2.task/<namespace>/<id>/rootfs`
 * of containerd and `<data root>/rootfs/overlayfs/<id>` of Docker with containerd's image store.
 */
export function layersByContainer(overlays: readonly Mount[]): Map<string, string> {
  const layers = new Map<string, string>();
  for (const mount of overlays) {
    const id = /\/([0-9a-f]{64})(?:\/rootfs)?$/.exec(mount.mountPoint)?.[1];
    const upper = id && mountOption(mount, 'upperdir');
    if (upper) layers.set(id, upper);
  }
  return layers;
}

interface ConfigurationFile {
  readonly tree: Tree;
  readonly path: string;
  /** How progress and faults name it. */
  readonly about?: string;
}

/** What came of reading a container's file: neither of the two when it is absent, as the container is being removed. */
export interface ConfigurationRead<Value> {
  readonly value?: Value;
  readonly unread?: UnreadReason;
}

/**
 * Reads a file that describes one container, whose labels, environment and arguments its author chose. One that cannot be
 * read is a fault of the host; one that is too large is the container's own, which must not make the run fail.
 */
export function readConfiguration<Value>(
  { progress, fault }: Pick<Report, 'progress' | 'fault'>,
  { tree, path, about = tree.local(path) }: ConfigurationFile,
  parse: (text: string) => Value,
): ConfigurationRead<Value> {
  progress(about);
  try {
    return { value: parse(tree.readUntrusted(path)) };
  } catch (error) {
    if (isAbsence(error)) return {};
    if (error instanceof FileRefused && error.reason === 'too_large') return { unread: 'configuration_too_large' };
    fault(about, error);
    return { unread: 'configuration_unreadable' };
  }
}

import type { Mount } from '../kernel/mountinfo.ts';
import { mountOption } from '../kernel/mountinfo.ts';
import type { Report } from '../report.ts';
import type { Container } from './container.ts';

/** What a runtime is given to find its containers. */
export interface RuntimeContext extends Pick<Report, 'host' | 'progress' | 'fault'> {
  /** The overlay mounts of the host, those of the layers of running containers among them. */
  readonly overlays: readonly Mount[];
  /** Writable layers of running containers by container id, where the mount point names the container. */
  readonly layers: ReadonlyMap<string, string>;
  /** Containers of the last run by id, for runtimes whose files never change. */
  readonly known: ReadonlyMap<string, Container>;
  /** Docker's data root if the user gave it, '' otherwise. */
  readonly dockerRoot: string;
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

import { posix } from 'node:path';
import { text } from '../../config/option.ts';
import { parseJson, stringProperty } from '../../formats/json.ts';
import type { Mount } from '../kernel/mountinfo.ts';
import type { RuntimeContext } from './runtime.ts';

const DEFAULT_DATA_ROOT = '/var/lib/docker';

/** The flag of every collector that looks for Docker's files. */
export const dockerRootOption = text(
  '',
  'Data root of Docker (default: from /etc/docker/daemon.json or the mounts of running containers, else /var/lib/docker).',
  (path) => (path === '' || path.startsWith('/') ? undefined : 'must be an absolute path'),
);

/**
 * Docker's data roots, the most certain first: the one that the user gave and no other, else `data-root` of daemon.json,
 * named `graph` before 17.05, those that the mounts of running containers tell, and the default.
 */
export function dockerRoots(
  { host, dockerRoot, fault }: Pick<RuntimeContext, 'host' | 'dockerRoot' | 'fault'>,
  mountedRoots: readonly string[],
): string[] {
  if (dockerRoot) return [dockerRoot];
  const roots = new Set<string>();
  try {
    const file = host.rootfs.readUntrustedIfPresent('/etc/docker/daemon.json');
    const daemon = file === undefined ? {} : parseJson(file);
    const configured = stringProperty(daemon, 'data-root') ?? stringProperty(daemon, 'graph');
    if (configured) roots.add(posix.normalize(configured));
  } catch (error) {
    fault('/etc/docker/daemon.json', error);
  }
  for (const root of mountedRoots) roots.add(root);
  return [...roots.add(DEFAULT_DATA_ROOT)];
}

/**
 * The data roots below which running containers have their layers: `<data root>/overlay2/<layer>/merged`, or
 * `<data root>/rootfs/overlayfs/<container id>` with containerd's image store.
 */
export function mountedDataRoots(overlays: readonly Mount[]): string[] {
  const roots = overlays.flatMap(
    ({ mountPoint }) => /^(\/.+)\/(?:overlay2\/[^/]+\/merged|rootfs\/[^/]+\/[0-9a-f]{64})$/.exec(mountPoint)?.[1] ?? [],
  );
  return [...new Set(roots)];
}

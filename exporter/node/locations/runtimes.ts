import { containerdLocations } from './containerd.ts';
import { CONTAINERD, DISTRIBUTIONS } from './containerd-layouts.ts';
import { CRIO_SOCKET, crioLocations } from './crio.ts';
import { DOCKER_SOCKET, dockerLocations } from './docker.ts';
import type { Location } from './location.ts';
import type { RuntimeLocationContext } from './runtime-context.ts';

/** Where the runtimes of this host have their things. */
export function runtimeLocations(context: RuntimeLocationContext): Location[] {
  return [...dockerLocations(context), ...containerdLocations(context), ...crioLocations(context)];
}

/** Where a runtime listens unless it is told otherwise. */
export const USUAL_SOCKETS = {
  docker: [DOCKER_SOCKET],
  containerd: [CONTAINERD.socket, ...DISTRIBUTIONS.map(({ socket }) => socket)],
  'cri-o': [CRIO_SOCKET],
} as const;

/** Of these, the ones in places that only a distribution's own runtime uses. */
export const DISTRIBUTION_SOCKETS: ReadonlySet<string> = new Set(DISTRIBUTIONS.map(({ socket }) => socket));

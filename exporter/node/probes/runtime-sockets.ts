import { posix } from 'node:path';
import type { Runtime } from '../containers/container.ts';
import type { Host } from '../host/host.ts';
import type { Location, Place } from '../locations/location.ts';
import { pathsOf } from '../locations/ranking.ts';
import { USUAL_SOCKETS } from '../locations/runtimes.ts';
import type { EndpointKind } from './endpoint-kind.ts';

const PLACES: Readonly<Record<Runtime, Place>> = {
  docker: 'docker_socket',
  containerd: 'containerd_socket',
  'cri-o': 'crio_socket',
};

/**
 * Where a runtime may listen: at the kubelet's endpoint and nowhere else if that is its, as another daemon of its kind that
 * answers says nothing; else where it is configured to, and where it usually does. The usual places on a disk are left out,
 * as who looks there must not wait for one: the locations have them if they are there.
 */
export function socketsOf(
  runtime: Runtime,
  locations: readonly Location[],
  endpoint: EndpointKind | undefined,
): string[] {
  // cri-dockerd listens at its own endpoint, and Docker at its own.
  if (endpoint?.kind === runtime && runtime !== 'docker') return [endpoint.path];
  const usual = USUAL_SOCKETS[runtime].filter((path) => path.startsWith('/run/'));
  return [...new Set([...pathsOf(locations, PLACES[runtime]), ...usual])];
}

/**
 * Whether a path is a socket, its links followed as the host would. Podman's, to which podman-docker links Docker's, is none
 * of a runtime. Throws when it may not be looked at.
 */
export function isSocket({ rootfs }: Host, path: string): boolean {
  if (!rootfs.stat(path)?.isSocket()) return false;
  return posix.basename(rootfs.linkTarget(path) ?? '') !== 'podman.sock';
}

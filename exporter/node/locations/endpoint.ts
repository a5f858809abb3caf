import type { Runtime } from '../containers/container.ts';
import type { Location, Place } from './location.ts';

/** What sockets are mostly called: in `unix:///run/containerd/containerd.sock`, for example. */
const NAMES: readonly [RegExp, Runtime][] = [
  [/crio\.sock$/, 'cri-o'],
  [/(cri-dockerd|dockershim)\.sock$/, 'docker'],
  [/containerd\.sock$/, 'containerd'],
];

const SOCKETS: readonly [Place, Runtime][] = [
  ['containerd_socket', 'containerd'],
  ['crio_socket', 'cri-o'],
];

/**
 * The path of the socket that the kubelet's `containerRuntimeEndpoint` names, with or without `unix://`; undefined when it is
 * none. MicroK8s writes it with a variable of snaps.
 */
export function socketOfEndpoint(endpoint: string | undefined): string | undefined {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: as MicroK8s writes it
  const path = endpoint?.replace(/^unix:(?:\/\/)?/, '').replace('${SNAP_COMMON}', '/var/snap/microk8s/common');
  return path?.startsWith('/') ? path : undefined;
}

/** The runtime that a socket's name is that of; undefined for any other name. */
export function runtimeNamed(socket: string): Runtime | undefined {
  return NAMES.find(([name]) => name.test(socket))?.[1];
}

/**
 * The runtime at the kubelet's endpoint: the one that is configured to listen there, whatever the socket is called
 * (Bottlerocket's containerd listened at dockershim.sock), else what the socket's name says; undefined when neither does.
 */
export function runtimeOfEndpoint(endpoint: string | undefined, locations: readonly Location[]): Runtime | undefined {
  const socket = socketOfEndpoint(endpoint);
  if (socket === undefined) return undefined;
  const listens = (what: Place) => locations.some((place) => place.what === what && isSameSocket(place.path, socket));
  return SOCKETS.find(([what]) => listens(what))?.[1] ?? runtimeNamed(socket);
}

export function isSameSocket(a: string, b: string): boolean {
  return withoutVar(a) === withoutVar(b);
}

/** The path of a socket in one form: `/var/run` is a link to `/run` on every host since 2012, and either is written. */
export function withoutVar(path: string): string {
  return path.replace(/^\/var\/run\//, '/run/');
}

/** The place of a runtime's socket that the kubelet names. */
export function atEndpoint(what: Place, path: string): Location {
  return { what, path, source: 'configured', by: "the kubelet's runtime endpoint" };
}

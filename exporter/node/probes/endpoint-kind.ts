import type { Runtime } from '../containers/container.ts';
import type { Host } from '../host/host.ts';
import { runtimeOfEndpoint, socketOfEndpoint } from '../locations/endpoint.ts';
import type { Location } from '../locations/location.ts';
import { askRuntimeName } from './cri-version.ts';
import { timed } from './timed.ts';

/** The socket that the kubelet uses, and what runtime listens there. A plain value, so that it can cross threads. */
export interface EndpointKind {
  readonly path: string;
  readonly kind: Runtime;
}

interface Known {
  /** The kubelet's, such as `unix:///run/containerd/containerd.sock`; undefined when it is not known. */
  readonly endpoint: string | undefined;
  readonly locations: readonly Location[];
}

/**
 * What runtime is at the kubelet's endpoint: what its configuration or its name says, else what it said itself before, else what it
 * says now, which takes up to `timeoutSeconds`. Undefined when there is no endpoint, or it does not say.
 */
export async function nameEndpoint(
  host: Host,
  { endpoint, locations }: Known,
  timeoutSeconds: number,
  previous: EndpointKind | undefined,
): Promise<EndpointKind | undefined> {
  const path = socketOfEndpoint(endpoint);
  if (path === undefined) return undefined;
  const kind = runtimeOfEndpoint(endpoint, locations);
  if (kind !== undefined) return { path, kind };
  return previous?.path === path ? previous : ask(host, path, timeoutSeconds);
}

/** Who does not answer, or not as a CRI runtime does, is asked again the next time. */
async function ask({ rootfs }: Host, path: string, timeoutSeconds: number): Promise<EndpointKind | undefined> {
  try {
    if (!rootfs.stat(path)?.isSocket()) return undefined;
    const { answer } = await timed(timeoutSeconds, (signal) => askRuntimeName(rootfs.resolve(path), signal));
    return answer && { path, kind: answer };
  } catch {
    return undefined;
  }
}

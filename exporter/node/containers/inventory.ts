import { hostMounts } from '../kernel/mountinfo.ts';
import { type Container, UNKNOWN } from './container.ts';
import { containerdContainers } from './containerd.ts';
import { crioContainers } from './crio.ts';
import type { Inventory } from './directory.ts';
import { dockerContainers } from './docker.ts';
import { podsWithLogs } from './pod-logs.ts';
import { layersByContainer, type RuntimeContext } from './runtime.ts';

/** Every runtime that can be told apart by its files. An absent one has no containers. */
const RUNTIMES = [dockerContainers, containerdContainers, crioContainers];

/** All containers of the host, from files alone: no runtime is asked, so none can hang us. */
export function readInventory(
  context: Pick<RuntimeContext, 'host' | 'dockerRoot' | 'progress' | 'fault'>,
  previous: Inventory | undefined,
): Inventory {
  const mounts = hostMounts(context.host);
  const known = new Map(previous?.containers.map((container) => [container.id, container]));
  const runtimeContext: RuntimeContext = { ...context, mounts, known, layers: layersByContainer(mounts) };
  const found = RUNTIMES.flatMap((runtime) => attempt(context, () => runtime(runtimeContext)));
  const distinct = new Map([...unnamed(runtimeContext), ...found].map((container) => [container.id, container]));
  return { containers: [...distinct.values()], pods: attempt(context, () => podsWithLogs(context.host)) };
}

/** What cannot be listed hides itself alone; the error names the directory. */
function attempt<Value>({ fault }: Pick<RuntimeContext, 'fault'>, read: () => Value[]): Value[] {
  try {
    return read();
  } catch (error) {
    fault((error as NodeJS.ErrnoException).path ?? 'a container runtime', error);
    return [];
  }
}

/** Containers whose layer is mounted; those of other clients of containerd, nerdctl's for one, have no name here. */
function unnamed({ layers }: RuntimeContext): Container[] {
  return [...layers].map(([id, layer]) => ({
    id,
    runtime: 'containerd',
    namespace: '',
    pod: '',
    container: UNKNOWN,
    layer,
  }));
}

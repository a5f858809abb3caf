import { posix } from 'node:path';
import { parseJson, property, stringProperty } from '../../formats/json.ts';
import { isAbsence } from '../host/absence.ts';
import type { Tree } from '../host/tree.ts';
import { CONTAINER_ID } from './cgroup-path.ts';
import { type Container, UNKNOWN } from './container.ts';
import type { RuntimeContext } from './runtime.ts';

/** Where containers/storage keeps what a container needs, for CRI-O run by root. */
const CONTAINERS = '/var/lib/containers/storage/overlay-containers';

/** CRI-O's containers, running and exited, from the OCI specs `<id>/userdata/config.json`. */
export function crioContainers(context: RuntimeContext): Container[] {
  const containers = context.host.rootfs.subtree(CONTAINERS);
  const ids = containers.listIfPresent().filter((name) => CONTAINER_ID.test(name));
  return ids.flatMap((id) => readContainer(containers, id, context) ?? []);
}

function readContainer(containers: Tree, id: string, context: RuntimeContext): Container | undefined {
  const known = context.known.get(id);
  if (known && known.container !== UNKNOWN) return known;
  const file = `${id}/userdata/config.json`;
  context.progress(containers.local(file));
  try {
    return parseContainer(id, containers.read(file));
  } catch (error) {
    if (isAbsence(error)) return undefined;
    context.fault(containers.local(file), error);
    return { id, runtime: 'cri-o', namespace: '', pod: '', container: UNKNOWN };
  }
}

/**
 * Annotations of the OCI spec (cri-o, pkg/annotations; kubelet's labels among them). `MountPoint` is
 * `…/overlay/<layer>/merged`, and the writable layer its sibling `diff`. Podman keeps its containers in the same
 * place without these annotations; they are none of ours.
 */
export function parseContainer(id: string, text: string): Container | undefined {
  const annotations = property(parseJson(text), 'annotations');
  const type = stringProperty(annotations, 'io.kubernetes.cri-o.ContainerType');
  if (type === undefined) return undefined;
  const mountPoint = stringProperty(annotations, 'io.kubernetes.cri-o.MountPoint');
  return {
    id,
    runtime: 'cri-o',
    namespace: stringProperty(annotations, 'io.kubernetes.pod.namespace') ?? '',
    pod: stringProperty(annotations, 'io.kubernetes.pod.name') ?? '',
    container: type === 'sandbox' ? 'POD' : (stringProperty(annotations, 'io.kubernetes.container.name') ?? UNKNOWN),
    ...(mountPoint && { layer: posix.join(posix.dirname(mountPoint), 'diff') }),
  };
}

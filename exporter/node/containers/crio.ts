import { parseJson, property, stringProperty } from '../../formats/json.ts';
import type { Tree } from '../host/tree.ts';
import { pathsOf } from '../locations/ranking.ts';
import { CONTAINER_ID } from './cgroup-path.ts';
import { type Container, namelessContainer, UNKNOWN } from './container.ts';
import { type RuntimeContext, readConfiguration } from './runtime.ts';

const LAYER = /^([0-9a-f]+)\/merged$/;

/** CRI-O's containers, running and exited, from the OCI specs `<id>/userdata/config.json`. */
export function crioContainers(context: RuntimeContext): Container[] {
  return pathsOf(context.locations, 'crio_root').flatMap((storage) => {
    const containers = context.host.rootfs.subtree(`${storage}/overlay-containers`);
    const ids = containers.listIfPresent().filter((name) => CONTAINER_ID.test(name));
    return ids.flatMap((id) => readContainer(containers, id, storage, context) ?? []);
  });
}

function readContainer(containers: Tree, id: string, storage: string, context: RuntimeContext): Container | undefined {
  const known = context.known.get(id);
  if (known && known.container !== UNKNOWN) return known;
  const file = { tree: containers, path: `${id}/userdata/config.json` };
  const { value, unread } = readConfiguration(context, file, (text) => parseContainer(id, text, storage));
  return unread ? namelessContainer(id, 'cri-o', unread) : value;
}

/**
 * Annotations of the OCI spec (cri-o, internal/factory). CRI-O writes its own, then those of the pod, and last the labels that
 * the kubelet gives it, `io.kubernetes.pod.name` among them: so a pod can choose `io.kubernetes.cri-o.…` of its sandbox, but
 * not who it is. Podman keeps its containers in the same place; they are not ours, whatever annotations they have: their
 * cgroup is not called `crio`.
 */
export function parseContainer(id: string, text: string, storage: string): Container | undefined {
  const spec = parseJson(text);
  const annotations = property(spec, 'annotations');
  const type = stringProperty(annotations, 'io.kubernetes.cri-o.ContainerType');
  if (type === undefined || !isOfCrio(stringProperty(property(spec, 'linux'), 'cgroupsPath'))) return undefined;
  const layer = layerOf(spec, annotations, storage);
  return {
    id,
    runtime: 'cri-o',
    namespace: stringProperty(annotations, 'io.kubernetes.pod.namespace') ?? '',
    pod: stringProperty(annotations, 'io.kubernetes.pod.name') ?? '',
    container: type === 'sandbox' ? 'POD' : stringProperty(annotations, 'io.kubernetes.container.name') || UNKNOWN,
    ...(layer ? { layer } : { missingLayer: 'layer_not_walkable' }),
  };
}

/** `kubepods-burstable-pod<uid>.slice:crio:<id>` or `/kubepods/burstable/pod<uid>/crio-<id>`; Podman's say `libpod`. */
function isOfCrio(cgroupsPath: string | undefined): boolean {
  return cgroupsPath === undefined || /(?:^|[/:])crio[-:]/.test(cgroupsPath);
}

/**
 * The root is `<storage>/overlay/<layer>/merged`, and the writable layer its sibling `diff`. The annotation says the same but
 * of a sandbox, whose pod can replace it: so the spec's own root goes first, and nothing outside the storage is a layer.
 */
function layerOf(spec: unknown, annotations: unknown, storage: string): string | undefined {
  const mountPoint =
    stringProperty(property(spec, 'root'), 'path') ?? stringProperty(annotations, 'io.kubernetes.cri-o.MountPoint');
  const overlay = `${storage}/overlay/`;
  const [, name] = (mountPoint?.startsWith(overlay) && LAYER.exec(mountPoint.slice(overlay.length))) || [];
  return name && `${overlay}${name}/diff`;
}

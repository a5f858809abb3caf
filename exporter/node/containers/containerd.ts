import { parseJson, property, stringProperty } from '../../formats/json.ts';
import type { Tree } from '../host/tree.ts';
import { pathsOf } from '../locations/ranking.ts';
import { CONTAINER_ID } from './cgroup-path.ts';
import { type Container, namelessContainer, type Owner, ownerOf, UNKNOWN } from './container.ts';
import { type RuntimeContext, readConfiguration } from './runtime.ts';

/**
 * Containers that the CRI plugin of containerd runs, from the OCI bundles below its state directory
 * (`io.containerd.runtime.v2.task/k8s.io/<id>/`; `v1.linux` before containerd 1.4). A bundle is there while the
 * container runs; Docker's containers have theirs below `moby/` and are found by Docker's own files.
 */
export function containerdContainers(context: RuntimeContext): Container[] {
  return pathsOf(context.locations, 'containerd_state').flatMap((directory) => {
    const state = context.host.rootfs.subtree(directory);
    const plugins = state.listIfPresent().filter((name) => name.startsWith('io.containerd.runtime.v'));
    return plugins.flatMap((plugin) => bundlesBelow(state.subtree(`${plugin}/k8s.io`), context));
  });
}

function bundlesBelow(bundles: Tree, context: RuntimeContext): Container[] {
  const ids = bundles.listIfPresent().filter((name) => CONTAINER_ID.test(name));
  return ids.map((id) => {
    // A container that is running has its layer mounted, unless its snapshotter has no directory for it: native, btrfs, zfs.
    const layer = context.layers.get(id);
    return { ...readContainer(bundles, id, context), ...(layer ? { layer } : { missingLayer: 'layer_not_walkable' }) };
  });
}

/** The spec never changes and is long (seccomp rules, mounts), so it is read once for each container. */
function readContainer(bundles: Tree, id: string, context: RuntimeContext): Container {
  const known = context.known.get(id);
  if (known && known.container !== UNKNOWN) return { id, runtime: 'containerd', ...ownerOf(known) };
  const { value: owner, unread } = readConfiguration(context, { tree: bundles, path: `${id}/config.json` }, parseOwner);
  return { ...namelessContainer(id, 'containerd', unread), ...owner };
}

/**
 * Annotations that the CRI plugin writes into the OCI spec (containerd, pkg/cri/annotations). It sets them from the request
 * of the kubelet, after those of the pod that its configuration lets through (`container_annotations`), and an image's labels
 * are not among them, so that neither an image nor a pod can choose them.
 */
export function parseOwner(text: string): Owner {
  const annotations = property(parseJson(text), 'annotations');
  const sandbox = stringProperty(annotations, 'io.kubernetes.cri.container-type') === 'sandbox';
  return {
    namespace: stringProperty(annotations, 'io.kubernetes.cri.sandbox-namespace') ?? '',
    pod: stringProperty(annotations, 'io.kubernetes.cri.sandbox-name') ?? '',
    container: sandbox ? 'POD' : stringProperty(annotations, 'io.kubernetes.cri.container-name') || UNKNOWN,
  };
}

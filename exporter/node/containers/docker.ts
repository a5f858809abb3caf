import { posix } from 'node:path';
import { parseJson, property, stringProperty } from '../../formats/json.ts';
import type { Tree } from '../host/tree.ts';
import { tryRead } from '../report.ts';
import { CONTAINER_ID, isBelowKubepods } from './cgroup-path.ts';
import { type Container, type ContainerLog, namelessContainer, type Owner, UNKNOWN } from './container.ts';
import { type DockerLogConfig, parseLogConfig } from './docker-log.ts';
import { dockerRoots, mountedDataRoots } from './docker-root.ts';
import { type RuntimeContext, readConfiguration } from './runtime.ts';

/** The storage driver overlay2 keeps the layers of containers here, `<container id>/mount-id` each. */
const LAYER_MOUNTS = 'image/overlay2/layerdb/mounts';

const MAX_MOUNT_ID_BYTES = 256;

/** Containers of all Docker daemons whose data root is known. */
export function dockerContainers(context: RuntimeContext): Container[] {
  return dockerRoots(context, mountedDataRoots(context.overlays)).flatMap((root) => containersBelow(root, context));
}

function containersBelow(root: string, context: RuntimeContext): Container[] {
  const data = context.host.rootfs.subtree(root);
  // A container whose directory is gone may have left its layer, still listed among the storage driver's mounts.
  const names = [...data.listIfPresent('containers'), ...data.listIfPresent(LAYER_MOUNTS)];
  const ids = [...new Set(names)].filter((name) => CONTAINER_ID.test(name));
  return ids.map((id) => {
    context.progress(posix.join(root, 'containers', id));
    return readContainer(root, data, id, context);
  });
}

function readContainer(root: string, data: Tree, id: string, context: RuntimeContext): Container {
  const directory = posix.join(root, 'containers', id);
  const version = versionOf(data, id);
  const known = context.known.get(id);
  if (version !== undefined && known?.version === version) return known;
  const file = (name: string) => ({ tree: data, path: `containers/${id}/${name}`, about: `${directory}/${name}` });
  const settings = readConfiguration(context, file('hostconfig.json'), parseHostConfig);
  const owner = readConfiguration(context, file('config.v2.json'), (text) =>
    parseOwner(text, settings.value?.cgroupParent),
  );
  const logConfig = settings.value?.log;
  const layer = context.layers.get(id) ?? overlay2Layer(root, data, id, context);
  const log = logOf(directory, id, logConfig);
  return {
    ...namelessContainer(id, 'docker', owner.unread),
    ...owner.value,
    ...(layer && { layer }),
    ...(log && { log }),
    ...(owner.value && logConfig && version && { version }),
  };
}

/** Docker replaces both files when it changes them; with the same inodes and times they need not be parsed again. */
function versionOf(data: Tree, id: string): string | undefined {
  try {
    const files = ['config.v2.json', 'hostconfig.json'].map((name) => data.lstat(`containers/${id}/${name}`));
    return files.map((file) => file && `${file.ino}:${file.mtimeMs}:${file.size}`).join();
  } catch {
    // Reading the files will tell why.
    return undefined;
  }
}

interface HostConfig {
  readonly log: DockerLogConfig;
  readonly cgroupParent: string | undefined;
}

/** `hostconfig.json` (moby, api/types/container/host_config.go): how the container is run. */
function parseHostConfig(text: string): HostConfig {
  return { log: parseLogConfig(text), cgroupParent: stringProperty(parseJson(text), 'CgroupParent') };
}

/** `/k8s_<container>_<pod>_<namespace>_<uid>_<attempt>`; after a conflict of names eight random digits follow. */
const KUBELET_NAME = /^\/k8s_([^_]+)_([^_]+)_([^_]+)_([^_]+)_\d+(?:_[0-9a-f]{8})?$/;

/**
 * `config.v2.json` (moby, container/container.go): `{"Name": "/web", "Config": {"Labels": {…}}}`. dockershim and
 * cri-dockerd label a pod's containers, sandboxes with the container name `POD`, and name them by the same
 * (cri-dockerd, core/naming.go, makeContainerName).
 *
 * Labels are what an image's author likes, so they count only together with the name, which no image can choose, and with
 * a cgroup below the kubelet's, `cgroupParent` of `hostconfig.json`, unless that is not known. Whoever may choose all three,
 * by access to Docker, is root on this host anyway. Any other container has its Docker name; one of a kubelet that makes no
 * cgroups for pods (`cgroupsPerQOS: false`) too.
 */
export function parseOwner(text: string, cgroupParent?: string): Owner {
  const config = parseJson(text);
  const name = stringProperty(config, 'Name') ?? '';
  const plain = { namespace: '', pod: '', container: name.replace(/^\//, '') || UNKNOWN };
  const [, container, pod, namespace] = KUBELET_NAME.exec(name) ?? [];
  if (container === undefined || pod === undefined || namespace === undefined) return plain;
  const labels = property(property(config, 'Config'), 'Labels');
  const agrees =
    stringProperty(labels, 'io.kubernetes.container.name') === container &&
    stringProperty(labels, 'io.kubernetes.pod.name') === pod &&
    stringProperty(labels, 'io.kubernetes.pod.namespace') === namespace;
  const isOfPod = cgroupParent === undefined || isBelowKubepods(cgroupParent);
  return agrees && isOfPod ? { namespace, pod, container } : plain;
}

/** The layer of a container, running or not. */
function overlay2Layer(root: string, data: Tree, id: string, context: RuntimeContext): string | undefined {
  const file = `${LAYER_MOUNTS}/${id}/mount-id`;
  const mountId = tryRead(context, posix.join(root, file), () => data.readUntrustedIfPresent(file, MAX_MOUNT_ID_BYTES));
  const name = mountId?.trim();
  return name && /^[\w-]+$/.test(name) ? posix.join(root, 'overlay2', name, 'diff') : undefined;
}

/** Where the logging drivers `json-file` and `local` write (moby, container/container.go, StartLogger). */
function logOf(directory: string, id: string, config: DockerLogConfig | undefined): ContainerLog | undefined {
  if (config === undefined) return { path: `${directory}/${id}-json.log` };
  if (config.driver === 'json-file') return { path: `${directory}/${id}-json.log`, limit: config.limit };
  if (config.driver === 'local') return { path: `${directory}/local-logs/container.log`, limit: config.limit };
  return undefined;
}

import { posix } from 'node:path';
import { parseJson, property, stringProperty } from '../../formats/json.ts';
import type { Tree } from '../host/tree.ts';
import { pathsOf } from '../locations/ranking.ts';
import { tryRead } from '../report.ts';
import { CONTAINER_ID, isBelowKubepods } from './cgroup-path.ts';
import {
  type Container,
  type ContainerLog,
  type MissingLayer,
  namelessContainer,
  type Owner,
  UNKNOWN,
} from './container.ts';
import { type DockerLogConfig, parseLogConfig } from './docker-log.ts';
import { type RuntimeContext, readConfiguration } from './runtime.ts';

/** Storage drivers that keep what a container wrote in `<data root>/<driver>/<layer>/diff` (moby, daemon/graphdriver). */
const DIRECTORY_DRIVERS = ['overlay2', 'fuse-overlayfs'];

/** Snapshotters of containerd's image store whose layers are overlays, which the mounts of running containers name. */
const OVERLAY_SNAPSHOTTERS = ['overlayfs', 'stargz', 'soci', 'nydus'];

/** Where Docker keeps the names of the layers of containers, `<container id>/mount-id` each. */
const layerMounts = (driver: string) => `image/${driver}/layerdb/mounts`;

const MAX_MOUNT_ID_BYTES = 256;

/** Containers of all Docker daemons whose data root is known. */
export function dockerContainers(context: RuntimeContext): Container[] {
  return pathsOf(context.locations, 'docker_root').flatMap((root) => containersBelow(root, context));
}

function containersBelow(root: string, context: RuntimeContext): Container[] {
  const data = context.host.rootfs.subtree(root);
  // A container whose directory is gone may have left its layer, still listed among the storage driver's mounts.
  const mounts = DIRECTORY_DRIVERS.flatMap((driver) => data.listIfPresent(layerMounts(driver)));
  const names = [...data.listIfPresent('containers'), ...mounts];
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
  // A container that was not running when it was read may have its layer mounted by now.
  const isComplete = known?.layer !== undefined || !context.layers.has(id);
  if (version !== undefined && known?.version === version && isComplete) return known;
  const file = (name: string) => ({ tree: data, path: `containers/${id}/${name}`, about: `${directory}/${name}` });
  const settings = readConfiguration(context, file('hostconfig.json'), parseHostConfig);
  const { value, unread } = readConfiguration(context, file('config.v2.json'), (text) => ({
    owner: parseOwner(text, settings.value?.cgroupParent),
    driver: stringProperty(parseJson(text), 'Driver'),
  }));
  const logConfig = settings.value?.log;
  const layer = context.layers.get(id) ?? namedLayer(root, data, id, context) ?? knownLayer(known, context);
  const log = logOf(directory, id, logConfig);
  return {
    ...namelessContainer(id, 'docker', unread),
    ...value?.owner,
    ...(layer ? { layer } : value && { missingLayer: missingLayerOf(value.driver) }),
    ...(log && { log }),
    ...(value && logConfig && version && { version }),
  };
}

function missingLayerOf(driver: string | undefined): MissingLayer {
  const hasDirectory = driver === undefined || [...DIRECTORY_DRIVERS, ...OVERLAY_SNAPSHOTTERS].includes(driver);
  return hasDirectory ? 'layer_not_found' : 'layer_not_walkable';
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

/** The layer of a container, running or not, by the storage driver that has its name. */
function namedLayer(root: string, data: Tree, id: string, context: RuntimeContext): string | undefined {
  for (const driver of DIRECTORY_DRIVERS) {
    const file = `${layerMounts(driver)}/${id}/mount-id`;
    const read = () => data.readUntrustedIfPresent(file, MAX_MOUNT_ID_BYTES);
    const name = tryRead(context, posix.join(root, file), read)?.trim();
    if (name && /^[\w-]+$/.test(name)) return posix.join(root, driver, name, 'diff');
  }
  return undefined;
}

/**
 * The layer that a container had while it was running: with containerd's image store only the mount names it, but it stays
 * until the container is removed.
 */
function knownLayer(known: Container | undefined, { host }: RuntimeContext): string | undefined {
  return known?.layer && host.rootfs.stat(known.layer)?.isDirectory() ? known.layer : undefined;
}

/** Logging drivers that keep no files of their own, and of which Docker keeps no copy, as they can be read. */
const WITHOUT_FILES = ['none', 'journald'];

/**
 * Where the logging drivers `json-file` and `local` write, and the copy for `docker logs` of what others send away, since
 * Docker 20.10 (moby, container/container.go, StartLogger).
 */
function logOf(directory: string, id: string, config: DockerLogConfig | undefined): ContainerLog | undefined {
  if (config === undefined) return { path: `${directory}/${id}-json.log` };
  const { driver, limit } = config;
  if (WITHOUT_FILES.includes(driver)) return undefined;
  if (driver === 'json-file') return { path: `${directory}/${id}-json.log`, limit };
  if (driver === 'local') return { path: `${directory}/local-logs/container.log`, limit };
  return { path: `${directory}/container-cached.log`, limit, isOptional: true };
}

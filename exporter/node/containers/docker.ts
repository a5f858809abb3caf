import { posix } from 'node:path';
import { parseJson, property, stringProperty } from '../../formats/json.ts';
import { absentAsUndefined } from '../host/absence.ts';
import type { Tree } from '../host/tree.ts';
import { tryRead } from '../report.ts';
import { CONTAINER_ID } from './cgroup-path.ts';
import { type Container, type ContainerLog, type Owner, UNKNOWN } from './container.ts';
import { type DockerLogConfig, parseLogConfig } from './docker-log.ts';
import { dockerRoots, mountedDataRoots } from './docker-root.ts';
import type { RuntimeContext } from './runtime.ts';

/** The storage driver overlay2 keeps the layers of containers here, `<container id>/mount-id` each. */
const LAYER_MOUNTS = 'image/overlay2/layerdb/mounts';

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
  const owner = readFile(`${directory}/config.v2.json`, context, () =>
    parseOwner(data.read(`containers/${id}/config.v2.json`)),
  );
  const logConfig = readFile(`${directory}/hostconfig.json`, context, () =>
    parseLogConfig(data.read(`containers/${id}/hostconfig.json`)),
  );
  const layer = context.layers.get(id) ?? overlay2Layer(root, data, id);
  const log = logOf(directory, id, logConfig);
  return {
    id,
    runtime: 'docker',
    ...(owner ?? { namespace: '', pod: '', container: UNKNOWN }),
    ...(layer && { layer }),
    ...(log && { log }),
    ...(owner && logConfig && version && { version }),
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

/** A file that cannot be read hides one fact of one container; one that is absent belongs to a container being removed. */
function readFile<Value>(path: string, context: RuntimeContext, read: () => Value): Value | undefined {
  return tryRead(context, path, () => absentAsUndefined(read));
}

/**
 * `config.v2.json` (moby, container/container.go): `{"Name": "/web", "Config": {"Labels": {…}}}`. dockershim and
 * cri-dockerd label a pod's containers, sandboxes with the container name `POD`.
 */
export function parseOwner(text: string): Owner {
  const config = parseJson(text);
  const labels = property(property(config, 'Config'), 'Labels');
  const pod = stringProperty(labels, 'io.kubernetes.pod.name');
  if (pod !== undefined) {
    return {
      namespace: stringProperty(labels, 'io.kubernetes.pod.namespace') ?? '',
      pod,
      container: stringProperty(labels, 'io.kubernetes.container.name') ?? UNKNOWN,
    };
  }
  return { namespace: '', pod: '', container: stringProperty(config, 'Name')?.replace(/^\//, '') || UNKNOWN };
}

/** The layer of a container, running or not. */
function overlay2Layer(root: string, data: Tree, id: string): string | undefined {
  const mountId = data.readIfPresent(`${LAYER_MOUNTS}/${id}/mount-id`)?.trim();
  return mountId ? posix.join(root, 'overlay2', mountId, 'diff') : undefined;
}

/** Where the logging drivers `json-file` and `local` write (moby, container/container.go, StartLogger). */
function logOf(directory: string, id: string, config: DockerLogConfig | undefined): ContainerLog | undefined {
  if (config === undefined) return { path: `${directory}/${id}-json.log` };
  if (config.driver === 'json-file') return { path: `${directory}/${id}-json.log`, limit: config.limit };
  if (config.driver === 'local') return { path: `${directory}/local-logs/container.log`, limit: config.limit };
  return undefined;
}

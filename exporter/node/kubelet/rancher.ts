import { property } from '../../formats/json.ts';
import type { Tree } from '../host/tree.ts';
import type { Environment } from '../services/service-file.ts';
import { flagValue, flagValues, switchValue } from './go-flags.ts';
import { loadYaml } from './yaml-file.ts';

/** k3s, or RKE2, which is made from it. */
export type Distribution = 'k3s' | 'rke2';

/** Flags that k3s gives its kubelet, before 1.32 wrote them to a drop-in file (k3s, pkg/daemons/agent). */
const DEFAULTS = ['--eviction-hard=imagefs.available<5%,nodefs.available<5%', '--serialize-image-pulls=false'];

/** Where k3s and RKE2 put their own containerd, and cri-dockerd with `--docker` (k3s, pkg/agent/config). */
const CONTAINERD = 'unix:///run/k3s/containerd/containerd.sock';
const CRI_DOCKERD = 'unix:///run/k3s/cri-dockerd/cri-dockerd.sock';

/** Files of its configuration that are read. */
const MAX_FILES = 100;

/**
 * The flags of the kubelet within k3s or RKE2 that is started with `given` (docs.k3s.io, "Configuration Options"):
 * `kubelet-arg` of the configuration counts when it is not given there. Since 1.32 there is a drop-in directory, into which k3s
 * copies what the arguments `config` and `config-dir` name.
 */
export function rancherArguments(
  files: Tree,
  distribution: Distribution,
  given: readonly string[],
  environment: Environment,
): string[] {
  const variable = (name: string) => environment[`${distribution.toUpperCase()}_${name}`] || undefined;
  const path = variable('CONFIG_FILE') ?? flagValue(given, 'config') ?? `/etc/rancher/${distribution}/config.yaml`;
  const configured = readSettings(files, path);
  const setting = (name: string) => flagValue(given, name) ?? configured.get(name)?.at(-1);
  const dataDirectory = setting('data-dir') ?? variable('DATA_DIR') ?? `/var/lib/rancher/${distribution}`;
  const own = flagValues(given, 'kubelet-arg');
  const args = (own.length > 0 ? own : (configured.get('kubelet-arg') ?? [])).map(
    (arg) => `--${arg.replace(/^-+/, '')}`,
  );
  const dropIns = `${dataDirectory}/agent/etc/kubelet.conf.d`;
  if (files.stat(dropIns))
    return [`--config-dir=${dropIns}`, ...args.filter((arg) => !/^--config(-dir)?(=|$)/.test(arg))];
  const isDocker = (switchValue(given, 'docker') ?? configured.get('docker')?.at(-1)) === 'true';
  const endpoint = setting('container-runtime-endpoint') ?? (isDocker ? CRI_DOCKERD : CONTAINERD);
  return [...DEFAULTS, `--container-runtime-endpoint=${endpoint}`, ...args];
}

/**
 * Values by name, of the file and those in its directory `.d`: a list replaces that of the files before, one whose key ends in
 * `+` adds to it.
 */
function readSettings(files: Tree, path: string): ReadonlyMap<string, readonly string[]> {
  const names = files.subtree(`${path}.d`).listIfPresent();
  const added = names.filter((name) => /\.ya?ml$/.test(name)).sort();
  if (added.length > MAX_FILES) throw new Error(`${path}.d: more than ${MAX_FILES} files`);
  const settings = new Map<string, string[]>();
  for (const file of [path, ...added.map((name) => `${path}.d/${name}`)]) {
    const content = loadYaml(files, file);
    for (const name of SETTINGS) {
      const own = property(content, name);
      const more = property(content, `${name}+`);
      if (own !== undefined) settings.set(name, singleValues(own));
      if (more !== undefined) settings.set(name, [...(settings.get(name) ?? []), ...singleValues(more)]);
    }
  }
  return settings;
}

const SETTINGS = ['kubelet-arg', 'data-dir', 'container-runtime-endpoint', 'docker'];

/** A value or those of a list; none that is a list or a map itself, which aliases of YAML can make longer than memory. */
function singleValues(value: unknown): string[] {
  return [value].flat(1).flatMap((single) => (single === null || typeof single === 'object' ? [] : String(single)));
}

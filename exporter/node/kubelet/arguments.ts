import { property, stringProperty } from '../../formats/json.ts';
import type { Tree } from '../host/tree.ts';
import { flagValue, flagValues } from './go-flags.ts';
import { loadYaml, MAX_KUBELET_FILE_BYTES } from './yaml-file.ts';

/** Flags that k3s gives its kubelet, before 1.32 wrote them to a drop-in file (k3s, pkg/daemons/agent). */
const K3S_DEFAULTS = ['--eviction-hard=imagefs.available<5%,nodefs.available<5%', '--serialize-image-pulls=false'];

const K3S_CONFIGURATION = '/etc/rancher/k3s/config.yaml';

/**
 * The flags of the kubelet that a process is, or has within it, by its name in /proc/PID/comm; `files` are the files as the
 * process sees them.
 */
export function kubeletArguments(files: Tree, command: string, args: readonly string[]): readonly string[] {
  if (command === 'k3s-server') return k3sArguments(files, 'k3s');
  if (command === 'k3s-agent') return k3sArguments(files, 'k3s-agent');
  if (command === 'kubelite') return microk8sArguments(files, args);
  return args;
}

/**
 * k3s hides its command line, so it is taken from the unit that its installer writes; `kubelet-arg` of its configuration
 * counts when it is not given there (docs.k3s.io, "Configuration Options"). Since 1.32 there is a drop-in directory,
 * into which k3s copies what the arguments `config` and `config-dir` name.
 */
function k3sArguments(files: Tree, service: string): string[] {
  const unit = readText(files, `/etc/systemd/system/${service}.service`);
  const given = execStart(unit);
  const configured = k3sConfiguration(files);
  const dataDirectory = flagValue(given, 'data-dir') ?? configured.dataDirectory ?? '/var/lib/rancher/k3s';
  const own = flagValues(given, 'kubelet-arg');
  const args = (own.length > 0 ? own : configured.args).map((arg) => `--${arg.replace(/^-+/, '')}`);
  const dropIns = `${dataDirectory}/agent/etc/kubelet.conf.d`;
  if (!files.stat(dropIns)) return [...K3S_DEFAULTS, ...args];
  return [`--config-dir=${dropIns}`, ...args.filter((arg) => !/^--config(-dir)?(=|$)/.test(arg))];
}

/** The arguments in `ExecStart=`, over lines that end in a backslash, quoted or not (systemd.service(5)). */
function execStart(unit: string): string[] {
  const line = /^ExecStart=(.*)$/m.exec(unit.replaceAll(/\\\n/g, ' '))?.[1] ?? '';
  return [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, single, double, bare]) => single ?? double ?? bare ?? '',
  );
}

/** A list replaces that of the files before, one whose key ends in `+` adds to it. */
function k3sConfiguration(files: Tree): { args: string[]; dataDirectory: string | undefined } {
  const names = files.subtree(`${K3S_CONFIGURATION}.d`).listIfPresent();
  const added = names.filter((name) => /\.ya?ml$/.test(name)).sort();
  const paths = [K3S_CONFIGURATION, ...added.map((name) => `${K3S_CONFIGURATION}.d/${name}`)];
  let args: string[] = [];
  let dataDirectory: string | undefined;
  for (const path of paths) {
    const file = loadYaml(files, path);
    const [own, more] = [property(file, 'kubelet-arg') ?? args, property(file, 'kubelet-arg+') ?? []];
    args = [own, more].flat(2).filter(isSingleValue).map(String);
    dataDirectory = stringProperty(file, 'data-dir') ?? dataDirectory;
  }
  return { args, dataDirectory };
}

/** MicroK8s has the flags of its kubelet in a file, one a line, values quoted or not. */
function microk8sArguments(files: Tree, args: readonly string[]): string[] {
  const path = flagValue(args, 'kubelet-args-file');
  const lines = (path ? readText(files, path) : '').split('\n').map((line) => line.trim());
  return lines.filter((line) => line.startsWith('--')).map((line) => line.replaceAll(/["']/g, ''));
}

/** Not a list or a map, which aliases of YAML can make longer than memory. */
function isSingleValue(value: unknown): boolean {
  return typeof value !== 'object';
}

/** Empty when absent. */
function readText(files: Tree, path: string): string {
  return files.readUntrustedIfPresent(path, MAX_KUBELET_FILE_BYTES) ?? '';
}

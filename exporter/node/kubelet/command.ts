import type { Host } from '../host/host.ts';
import type { Tree } from '../host/tree.ts';
import { parseProcessCgroups } from '../kernel/process-cgroup.ts';
import { commandLine, environmentOf } from '../kernel/processes.ts';
import { isEnabled, readService } from '../services/service.ts';
import type { Environment, Service } from '../services/service-file.ts';
import { flagValue } from './go-flags.ts';
import { MICROK8S_ARGUMENTS, microk8sArguments } from './microk8s.ts';
import { type Distribution, rancherArguments } from './rancher.ts';

/** How a kubelet is started, or would be. */
export interface KubeletCommand {
  /** The process that it is, or is a part of; absent while it does not run. */
  readonly pid?: number;
  /** Its flags. */
  readonly args: readonly string[];
  /** What says so. */
  readonly by: string;
}

/** Of the environment of a process only these are kept: the others can be secrets. */
const VARIABLES = [
  'K3S_CONFIG_FILE',
  'K3S_DATA_DIR',
  'RKE2_CONFIG_FILE',
  'RKE2_DATA_DIR',
  'SNAP',
  'SNAP_DATA',
  'SNAP_COMMON',
];

/**
 * The flags of the kubelet that a process is or has within it, `files` being the files that it sees; undefined when it has
 * ended.
 */
export function runningCommand(host: Host, pid: number, files: Tree = host.rootfs): KubeletCommand | undefined {
  const [program, ...args] = commandLine(host, pid);
  const command = host.procfs.readIfPresent(`${pid}/comm`)?.trimEnd();
  if (!program || !command) return undefined;
  if (command === 'k3s-server' || command === 'k3s-agent') {
    // k3s hides its arguments from /proc/PID/cmdline, but its first ones.
    const isShown = args.some((arg) => arg.startsWith('-'));
    const service = isShown ? undefined : serviceOf(host, pid, files, command.replace('-server', ''));
    const environment = { ...service?.environment, ...environmentOf(host, pid, VARIABLES) };
    const own = rancherArguments(files, 'k3s', service?.args ?? args, environment);
    return { pid, args: own, by: service?.file ?? COMMAND_LINE };
  }
  if (command === 'kubelite') {
    const path = flagValue(args, 'kubelet-args-file');
    return { pid, args: microk8sArguments(files, path, environmentOf(host, pid, VARIABLES)), by: path ?? COMMAND_LINE };
  }
  return { pid, args, by: COMMAND_LINE };
}

const COMMAND_LINE = "the kubelet's command line";

/** The service that a process is in by its cgroup, or else the usual one. */
function serviceOf(host: Host, pid: number, files: Tree, usual: string): Service | undefined {
  const { v1, v2 } = parseProcessCgroups(host.procfs.readIfPresent(`${pid}/cgroup`) ?? '');
  const path = v2 ?? v1.get('name=systemd') ?? '';
  const [, name] = /\/([\w:.@-]+)\.service$/.exec(path) ?? [];
  return (name ? readService(files, name) : undefined) ?? readService(files, usual);
}

/** Services that have a kubelet, and how its flags are found. */
const SERVICES: readonly [name: string, argumentsOf: (files: Tree, service: Service) => string[]][] = [
  ['kubelet', (_, { args }) => [...args]],
  ['k3s', (files, service) => ofRancher(files, 'k3s', service)],
  ['k3s-agent', (files, service) => ofRancher(files, 'k3s', service)],
  ['rke2-server', (files, service) => ofRancher(files, 'rke2', service)],
  ['rke2-agent', (files, service) => ofRancher(files, 'rke2', service)],
  ['k0sworker', (_, service) => k0sArguments(service)],
  ['k0scontroller', (_, service) => k0sArguments(service)],
  ['snap.microk8s.daemon-kubelite', (files) => microk8sArguments(files, MICROK8S_ARGUMENTS, {})],
];

/** The flags of a kubelet that does not run now but is enabled to: the first of the services that are. */
export function enabledCommand(files: Tree): KubeletCommand | undefined {
  for (const [name, argumentsOf] of SERVICES) {
    const service = isEnabled(files, name) ? readService(files, name) : undefined;
    if (service) return { args: argumentsOf(files, service), by: service.file };
  }
  return undefined;
}

function ofRancher(files: Tree, distribution: Distribution, { args, environment }: Service): string[] {
  return rancherArguments(files, distribution, args, environment);
}

/** What k0s starts its kubelet with (k0s, pkg/component/worker/kubelet.go). */
function k0sArguments({ args }: { readonly args: readonly string[]; readonly environment: Environment }): string[] {
  const directory = flagValue(args, 'data-dir') ?? '/var/lib/k0s';
  const endpoint = flagValue(args, 'cri-socket')?.replace(/^\w+:(?=\w+:\/\/)/, '') ?? 'unix:///run/k0s/containerd.sock';
  const extra = flagValue(args, 'kubelet-extra-args')?.split(/\s+/) ?? [];
  return [
    `--root-dir=${directory}/kubelet`,
    `--config=${directory}/kubelet-config.yaml`,
    `--container-runtime-endpoint=${endpoint}`,
    ...extra,
  ];
}

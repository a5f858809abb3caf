import type { Runtime } from '../containers/container.ts';
import type { Daemon, DaemonProcess } from '../daemons/daemon-processes.ts';

/**
 * How sure it is that a node uses a runtime. `required`: the kubelet's endpoint is its, or an enabled unit starts it, so
 * it is down even where it has no socket. `used`: a daemon of it was seen, it has answered, it has left containers or the user
 * named its socket; one that is stopped in order takes its socket away. Existence of a path is neither.
 */
export type Intent = 'required' | 'used' | undefined;

/** What says that a node uses runtimes. */
export interface Evidence {
  readonly ofKubelet: Runtime | undefined;
  readonly enabled: readonly Runtime[];
  /** Those whose daemon ran, or that answered, since the exporter started. */
  readonly seen: readonly Runtime[];
  readonly withContainers: ReadonlySet<Runtime>;
  /** Those whose daemon runs now. */
  readonly running: readonly Runtime[];
}

/** What a node uses a runtime for; `isNamed`: whether the user named its socket. */
export function intentOf(runtime: Runtime, evidence: Evidence, isNamed: boolean): Intent {
  const { ofKubelet, enabled, seen, withContainers, running } = evidence;
  if (ofKubelet === runtime) return 'required';
  // A daemon that runs and has no socket here listens elsewhere.
  if (enabled.includes(runtime) && !running.includes(runtime)) return 'required';
  const isUsed = isNamed || enabled.includes(runtime) || seen.includes(runtime) || withContainers.has(runtime);
  return isUsed ? 'used' : undefined;
}

const RUNTIMES: Readonly<Partial<Record<Daemon, Runtime>>> = {
  dockerd: 'docker',
  containerd: 'containerd',
  crio: 'cri-o',
};

/** The runtimes that processes are. */
export function runtimesOf(processes: readonly DaemonProcess[]): Runtime[] {
  return [...new Set(processes.flatMap(({ daemon }) => RUNTIMES[daemon] ?? []))];
}

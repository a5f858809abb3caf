import { type DaemonProcess, filesOfDaemon } from '../daemons/daemon-processes.ts';
import type { Report } from '../report.ts';
import { type KubeletConfiguration, readConfiguration } from './configuration.ts';
import { readKubeletProcess } from './process.ts';
import { kubeletMinor } from './version.ts';

/** The kubelet of this host, as far as files tell. A plain value, so that it can cross threads. */
export interface Kubelet {
  /** Undefined on a host without kubelet, and where its processes are not to be seen. */
  readonly process: DaemonProcess | undefined;
  /** The minor version of Kubernetes that it is of, undefined when that is not known. */
  readonly minor: number | undefined;
  /** Undefined when there is neither a kubelet nor the usual file of one, and when there is an error. */
  readonly configuration: KubeletConfiguration | undefined;
  /** Why the configuration cannot be read. */
  readonly error?: string;
}

/** Reads what there is to know of the kubelet that is `process`. The version is that of `known` if that is the same process. */
export function readKubelet(
  { host, progress }: Pick<Report, 'host' | 'progress'>,
  process: DaemonProcess | undefined,
  known: Kubelet | undefined,
): Kubelet {
  progress("the kubelet's executable");
  // An executable does not change while it runs.
  const minor = known && isSameProcess(known, process) ? known.minor : kubeletMinor(host, process?.pid);
  try {
    const files = process ? filesOfDaemon(host, process) : host.rootfs;
    const running = process && readKubeletProcess(host, process.pid, files);
    return { process, minor, configuration: readConfiguration({ host, files, progress }, running, minor) };
  } catch (error) {
    return { process, minor, configuration: undefined, error: (error as Error).message };
  }
}

export function isSameProcess({ process }: Kubelet, other: DaemonProcess | undefined): boolean {
  return process?.pid === other?.pid && process?.startTime === other?.startTime;
}

/** The configuration, undefined when there is none. Throws when it could not be read. */
export function configurationOf({ configuration, error }: Kubelet): KubeletConfiguration | undefined {
  if (error !== undefined) throw new Error(error);
  return configuration;
}

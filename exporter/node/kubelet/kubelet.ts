import { type DaemonProcess, filesOfDaemon } from '../daemons/daemon-processes.ts';
import type { Report } from '../report.ts';
import { enabledCommand, runningCommand } from './command.ts';
import { type KubeletConfiguration, readConfiguration, withSources } from './configuration.ts';
import { logLimit } from './log-limit.ts';
import { readSettings } from './settings.ts';
import { kubeletMinor } from './version.ts';

/** The kubelet of this host, as far as files tell. A plain value, so that it can cross threads. */
export interface Kubelet {
  /** Undefined on a host without kubelet, while it does not run, and where its processes are not to be seen. */
  readonly process: DaemonProcess | undefined;
  /** The minor version of Kubernetes that it is of, undefined when that is not known. */
  readonly minor: number | undefined;
  /**
   * As it was last read and made sense: while the kubelet is down or its files are broken, that from before. Undefined when
   * there is none.
   */
  readonly configuration: KubeletConfiguration | undefined;
  /** When that was, in seconds by the monotonic clock. */
  readonly readAt?: number;
  /** Whether that is what a kubelet ran with. */
  readonly hasRun?: true;
  /** Why the configuration cannot be read now. */
  readonly error?: string;
}

type Context = Pick<Report, 'host' | 'progress'> & { now(): number };

/**
 * Reads what there is to know of the kubelet that is `process`, `known` being what was known before: the version is that of
 * the same process, and the configuration stays while there is no other.
 */
export function readKubelet(context: Context, process: DaemonProcess | undefined, known: Kubelet | undefined): Kubelet {
  if (!process && known?.hasRun) return { ...known, process: undefined };
  const { host, progress, now } = context;
  progress("the kubelet's executable");
  // An executable does not change while it runs.
  const minor = known && isSameProcess(known, process) ? known.minor : kubeletMinor(host, process?.pid);
  const readAt = now();
  try {
    const configuration = readOf(context, process, minor);
    // It ended meanwhile.
    if (!configuration && process && known?.configuration) return { ...known, process, minor };
    // Where nothing is known from before, a field that makes no sense is left to those who need it: the others are right.
    if (configuration && known?.configuration) assertSense(configuration, minor);
    return { process, minor, configuration, ...(configuration && { readAt, ...(process && { hasRun: true }) }) };
  } catch (error) {
    const { configuration, ...rest } = known ?? {};
    return { ...rest, process, minor, configuration, error: (error as Error).message };
  }
}

function readOf(
  { host, progress }: Context,
  process: DaemonProcess | undefined,
  minor: number | undefined,
): KubeletConfiguration | undefined {
  const files = process ? filesOfDaemon(host, process) : host.rootfs;
  const command = process ? runningCommand(host, process.pid, files) : enabledCommand(files);
  return process && !command ? undefined : readConfiguration({ host, files, progress }, command, minor);
}

/** Throws for what keeps a kubelet from starting: then it still runs, or ran last, with what was read before. */
function assertSense(configuration: KubeletConfiguration, minor: number | undefined): void {
  withSources(configuration, (fields) => readSettings(fields, minor));
  logLimit(configuration);
}

export function isSameProcess({ process }: Kubelet, other: DaemonProcess | undefined): boolean {
  return process?.pid === other?.pid && process?.startTime === other?.startTime;
}

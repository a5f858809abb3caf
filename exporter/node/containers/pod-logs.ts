import type { Host } from '../host/host.ts';
import type { Pod } from './container.ts';

/** Where the kubelet has the runtime write container logs (pkg/kubelet/kuberuntime, podLogsRootDirectory). */
export const POD_LOGS = '/var/log/pods';

/**
 * A pod's log directory: `<namespace>_<pod>_<uid>` (BuildPodLogsDirectory); none of the three can hold `_`.
 * The uid of a static pod is a hash of its manifest. Undefined for any other name.
 */
export function parsePodLogDirectory(name: string): Pod | undefined {
  const [namespace, pod, uid, more] = name.split('_');
  return namespace && pod && uid && more === undefined ? { namespace, pod, uid } : undefined;
}

/** Pods that have a log directory on this host. */
export function podsWithLogs(host: Host): Pod[] {
  const directory = host.rootfs.openDirectory(POD_LOGS);
  try {
    return directory?.directories().flatMap((name) => parsePodLogDirectory(name) ?? []) ?? [];
  } finally {
    directory?.close();
  }
}

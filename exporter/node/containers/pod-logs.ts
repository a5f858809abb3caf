import type { Host } from '../host/host.ts';
import type { Pod } from './container.ts';

/**
 * A pod's log directory: `<namespace>_<pod>_<uid>` (BuildPodLogsDirectory); none of the three can hold `_`.
 * The uid of a static pod is a hash of its manifest. Undefined for any other name.
 */
export function parsePodLogDirectory(name: string): Pod | undefined {
  const [namespace, pod, uid, more] = name.split('_');
  return namespace && pod && uid && more === undefined ? { namespace, pod, uid } : undefined;
}

/** Pods that have a log directory in `root`, where the kubelet has the runtime write the logs of containers; none when that is nowhere. */
export function podsWithLogs(host: Host, root: string | undefined): Pod[] {
  const directory = root === undefined ? undefined : host.rootfs.openDirectory(root);
  try {
    return directory?.directories().flatMap((name) => parsePodLogDirectory(name) ?? []) ?? [];
  } finally {
    directory?.close();
  }
}

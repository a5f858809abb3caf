/** A container runtime, spelled as in the container ids of kube-state-metrics (`cri-o://…`). */
export type Runtime = 'docker' | 'containerd' | 'cri-o';

/** Who a thing on the host belongs to: the labels that join with kube-state-metrics. */
export interface Owner {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
}

/** The value of the label `container` for what belongs to a container whose name cannot be found. */
export const UNKNOWN = 'unknown';

/** The labels of an owner, in the order in which they are printed. */
export const OWNER_LABELS = ['namespace', 'pod', 'container'] as const;

/** One container, running or exited. Pod sandboxes are called `POD`, as in cAdvisor and cri-dockerd. */
export interface Container extends Owner {
  readonly id: string;
  readonly runtime: Runtime;
  /** Directory of its writable layer on the host (overlayfs's upperdir), when known. */
  readonly layer?: string;
  /** Why it has no layer that can be measured; absent when it has one, and for a container that was not read. */
  readonly missingLayer?: MissingLayer;
  /** Its log, when Docker writes one to files; CRI logs are found where those of pods are. */
  readonly log?: ContainerLog;
  /** Changes with the files that it was read from, where these can change. */
  readonly version?: string;
  /** Why its name could not be read; absent when it could, and for one that is being removed. */
  readonly unread?: UnreadReason;
}

/** What keeps a container's configuration from being read. */
export const UNREAD_REASONS = ['configuration_too_large', 'configuration_unreadable'] as const;
export type UnreadReason = (typeof UNREAD_REASONS)[number];

/**
 * `layer_not_found`: nothing that is read names it, as for a container of an image store that exited before it was seen running.
 * `layer_not_walkable`: the storage driver or snapshotter has no directory with what the container wrote.
 */
export type MissingLayer = 'layer_not_found' | 'layer_not_walkable';

/** A container of which only the id is known. */
export function namelessContainer(id: string, runtime: Runtime, unread?: UnreadReason): Container {
  return { id, runtime, namespace: '', pod: '', container: UNKNOWN, ...(unread && { unread }) };
}

export interface ContainerLog {
  /** The file being written, on the host. */
  readonly path: string;
  /** Bytes that rotation lets the log grow to, Infinity when nothing bounds it, absent when that is unknown. */
  readonly limit?: number;
  /** Whether it may well not be there, and is then no log. */
  readonly isOptional?: true;
}

/** A pod that has a log directory. */
export interface Pod {
  readonly uid: string;
  readonly namespace: string;
  readonly pod: string;
}

/** The three labels alone, of anything that has them. */
export function ownerOf({ namespace, pod, container }: Owner): Owner {
  return { namespace, pod, container };
}

/** A key for sums by owner; NUL cannot be in any of the three. */
export function ownerKey({ namespace, pod, container }: Owner): string {
  return `${namespace}\0${pod}\0${container}`;
}

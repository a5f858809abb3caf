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
  /** Its log, when Docker writes one to files; CRI logs are found below /var/log/pods. */
  readonly log?: ContainerLog;
  /** Changes with the files that it was read from, where these can change. */
  readonly version?: string;
}

export interface ContainerLog {
  /** The file being written, on the host. */
  readonly path: string;
  /** Bytes that rotation lets the log grow to, Infinity when nothing bounds it, absent when that is unknown. */
  readonly limit?: number;
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

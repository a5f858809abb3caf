/** A state of a node that has several causes: while the alert of a cause fires, it inhibits those of its symptoms. */
export interface SymptomKind {
  readonly help: string;
  /** Alerts of kubernetes-mixin and node-mixin about the same state; inhibited where they carry the label `node`. */
  readonly upstream: readonly string[];
}

/**
 * By the value of the label `symptom`; an alert that explains one carries `explains_<symptom>: "true"`, or has it only with a
 * label of its own (`explainsOnlyWith`).
 */
export const SYMPTOMS = {
  node_silent: {
    help: 'the node sends no heartbeats, or sends them late',
    upstream: [
      'KubeNodeNotReady',
      'KubeNodeUnreachable',
      'KubeNodeReadinessFlapping',
      'KubeletInstanceUnreachable',
      'KubeletDown',
      'TargetDown',
    ],
  },
  kubelet_slow: {
    help: 'the kubelet or the container runtime is slow or hangs',
    upstream: [
      'KubeletPlegDurationHigh',
      'KubeletPodStartUpLatencyHigh',
      'KubeletStatusUpdateFailed',
      'NodeSystemSaturation',
    ],
  },
  kubelet_busy: {
    help: 'the kubelet uses much CPU',
    upstream: [],
  },
  disk_slow: {
    help: 'disk operations take seconds instead of milliseconds',
    upstream: ['NodeDiskIOSaturation'],
  },
  disk_full: {
    help: 'the disk is full or nearly full, and pods are evicted',
    upstream: [
      'KubeNodePressure',
      'KubeNodeEviction',
      'NodeFilesystemAlmostOutOfSpace',
      'NodeFilesystemSpaceFillingUp',
    ],
  },
  memory_short: {
    help: 'memory is short, and the node thrashes',
    upstream: ['NodeMemoryHighUtilization', 'NodeMemoryMajorPagesFaults'],
  },
  pods_late: {
    help: 'pods start late, or their status is late',
    upstream: ['KubeletPodStartUpLatencyHigh', 'KubePodNotReady', 'KubeContainerWaiting'],
  },
  image_missing: {
    help: 'pods cannot start because an image is missing',
    upstream: ['KubePodNotReady', 'KubeContainerWaiting'],
  },
  logs_grow: {
    help: 'a container writes a lot to its log',
    upstream: [],
  },
  pids_short: {
    help: 'the node runs out of PIDs',
    upstream: [],
  },
  cgroups_linger: {
    help: 'deleted memory cgroups stay in the kernel',
    upstream: [],
  },
  mounts_grow: {
    help: 'mounts or systemd units keep growing in number',
    upstream: [],
  },
  collectors_fail: {
    help: "Foreshock's own collectors fail",
    upstream: [],
  },
} as const satisfies Record<string, SymptomKind>;

export type Symptom = keyof typeof SYMPTOMS;

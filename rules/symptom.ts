/** A state of a node that several causes lead to: while the alert of a cause fires, the alerts of its symptoms are muted. */
export interface SymptomKind {
  readonly help: string;
  /** Alerts of kubernetes-mixin and node-mixin that say the same; muted where they carry the label `node`. */
  readonly upstream: readonly string[];
}

/** By the value of the label `symptom`; an alert that explains one carries `explains_<symptom>: "true"`. */
export const SYMPTOMS = {
  node_silent: {
    help: 'the node is not heard of, or not in time',
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
    help: 'the kubelet or the runtime is slow, or hangs',
    upstream: [
      'KubeletPlegDurationHigh',
      'KubeletPodStartUpLatencyHigh',
      'KubeletStatusUpdateFailed',
      'NodeSystemSaturation',
    ],
  },
  kubelet_busy: {
    help: 'the kubelet burns CPU',
    upstream: [],
  },
  disk_slow: {
    help: 'the disk takes seconds for what took milliseconds',
    upstream: ['NodeDiskIOSaturation'],
  },
  disk_full: {
    help: 'the disk is full or nearly, and pods are evicted for it',
    upstream: [
      'KubeNodePressure',
      'KubeNodeEviction',
      'NodeFilesystemAlmostOutOfSpace',
      'NodeFilesystemSpaceFillingUp',
    ],
  },
  memory_short: {
    help: 'memory is short, and pages are read again and again',
    upstream: ['NodeMemoryHighUtilization', 'NodeMemoryMajorPagesFaults'],
  },
  pods_late: {
    help: 'pods start late, or look as if they had not started',
    upstream: ['KubeletPodStartUpLatencyHigh', 'KubePodNotReady', 'KubeContainerWaiting'],
  },
  image_missing: {
    help: 'pods cannot start for want of an image',
    upstream: ['KubePodNotReady', 'KubeContainerWaiting'],
  },
  logs_grow: {
    help: 'a container writes much to its log',
    upstream: [],
  },
  pids_short: {
    help: 'process ids run out',
    upstream: [],
  },
  cgroups_linger: {
    help: 'memory cgroups of containers that are gone stay in the kernel',
    upstream: [],
  },
  mounts_grow: {
    help: 'mounts, or units of systemd, become more and more',
    upstream: [],
  },
} as const satisfies Record<string, SymptomKind>;

export type Symptom = keyof typeof SYMPTOMS;

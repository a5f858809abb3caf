import { testAlerts } from '../alert-cases.ts';

const NODE = { node: 'node-a' };
const HOST = 'cluster="eu",job="foreshock",instance="10.0.0.7:10777",node="node-a"';
const CLUSTER_ROLE = 'cluster="eu",job="foreshock",instance="10.0.9.9:10777"';
const LONGEST_BLOCK = `foreshock_daemon_longest_block_seconds{${HOST},daemon="kubelet"}`;
const BECAME_UNKNOWN = `foreshock_node_condition_transitions_total{${CLUSTER_ROLE},node="node-a",condition="Ready",status="Unknown"}`;
const CADVISOR = 'cluster="eu",job="kubelet",instance="10.0.0.7:10250",metrics_path="/metrics/cadvisor"';

testAlerts('heartbeat', {
  ForeshockKubeletHeartbeatLate: {
    series: {
      [`up{${HOST}}`]: '1x40',
      [`foreshock_collector_success{${CLUSTER_ROLE},collector="heartbeats"}`]: '1x40',
      // One that comes 4 s before each scrape, and 101 s of silence as in the story.
      [`foreshock_kubelet_lease_renew_timestamp_seconds{${CLUSTER_ROLE},node="node-a"}`]: '-4+60x10 596 716+60x28',
      [`foreshock_kubelet_lease_duration_seconds{${HOST}}`]: '40x40',
      [LONGEST_BLOCK]: '0.05x10 12.3x30',
    },
    firesAt: 12,
    resolvedAt: 32,
    labels: NODE,
    description:
      'The kubelet of node-a of cluster eu sent no heartbeat for 64 s; one is due every 10 s (assumed: ' +
      'the default), and after 50 s without one the node turns Unknown. A kubelet thread was blocked in the kernel for 12.3 s, usually ' +
      'waiting for a disk. Next: `kubectl get lease -n kube-node-lease node-a -o yaml | grep renewTime` ' +
      'shows the last one.',
  },
  ForeshockNodeReadinessFlapping: {
    series: { [BECAME_UNKNOWN]: '0x10 1x4 2x60', [LONGEST_BLOCK]: '0.05x80' },
    firesAt: 16,
    resolvedAt: 41,
    labels: NODE,
    description:
      'node-a of cluster eu turned Unknown 2 times in 30 min; each time its pods were removed from their ' +
      'services. Next: `kubectl describe node node-a` shows since when, the dashboard what else happened then.',
  },
  ForeshockKubeletBlocked: {
    series: { [LONGEST_BLOCK]: '0.05x5 12.3x10 0.05x30' },
    firesAt: 7,
    resolvedAt: 27,
    labels: { ...NODE, daemon: 'kubelet' },
    description:
      'A kubelet thread of node-a of cluster eu was blocked in the kernel for 12.3 s in the last 5 min, ' +
      'usually waiting for a disk. Next: `iostat -d -x 2` on the node shows the disk, `pidstat -d 3` the ' +
      'processes that write.',
  },
  ForeshockStatusPatchLate: {
    series: { [`foreshock_kubelet_status_patch_lag_seconds{${CLUSTER_ROLE},node="node-a"}`]: '0.2x5 65 0.2x40' },
    firesAt: 6,
    resolvedAt: 27,
    labels: NODE,
    description:
      'The kubelet of node-a of cluster eu took 65 s from computing the status of its node to reporting it; ' +
      'below 1 s is normal. Next: the dashboard shows whether it waits for its disk, for memory.stat or for ' +
      'its own API rate limit.',
  },
  ForeshockCadvisorSlow: {
    series: {
      'kubelet_node_name{cluster="eu",job="kubelet",instance="10.0.0.7:10250",metrics_path="/metrics",node="node-a"}':
        '1x40',
      [`scrape_duration_seconds{${CADVISOR}}`]: '0.2x5 22.4x15 0.2x20',
    },
    firesAt: 11,
    resolvedAt: 22,
    labels: NODE,
    description:
      'A scrape of /metrics/cadvisor of node-a of cluster eu took 22.4 s; below 1 s is normal. Next: the ' +
      'dashboard shows whether the disk or memory.stat is slow.',
  },
  ForeshockRuntimeUnresponsive: [
    {
      series: {
        [`foreshock_runtime_up{${HOST},runtime="cri-o"}`]: '1x5 0x9 1x20',
        [`foreshock_daemon_run_delay_seconds_total{${HOST},daemon="kubelet"}`]: '0x40',
      },
      firesAt: 8,
      resolvedAt: 16,
      labels: { ...NODE, runtime: 'cri-o' },
      description:
        'cri-o of node-a of cluster eu does not answer on its socket. If it is the runtime of the kubelet, the ' +
        'node turns NotReady. Next: `journalctl -u crio -n 50` on the node; `pthread_create failed` there means ' +
        'that the PIDs ran out.',
    },
    {
      series: { [`foreshock_runtime_up{${HOST},runtime="docker"}`]: '1x5 0x9 1x20' },
      firesAt: 8,
      resolvedAt: 16,
      labels: { ...NODE, runtime: 'docker' },
      description:
        'docker of node-a of cluster eu does not answer on its socket. Containers keep running, but none can be ' +
        'started, stopped or inspected. Next: `journalctl -u docker -n 50` on the node; `pthread_create failed` ' +
        'there means that the PIDs ran out.',
    },
  ],
});

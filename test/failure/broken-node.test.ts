import { test } from 'node:test';
import type { Line } from '../exposition-text.ts';
import { type Breakage, testBreakagesInThreads, transientUnits, W1_CGROUP, writeOrphan } from './host-breakage.ts';

const KUBELET_CONFIG = '/var/lib/kubelet/config.yaml';

const without = (names: RegExp) => (line: Line) => (names.test(line.name) ? undefined : line);
const withoutPodLogLimits = (line: Line) =>
  line.name === 'foreshock_container_log_limit_bytes' && line.labels.namespace === 'shop' ? undefined : line;
/**
 * Before the settings are read for the first time; later the last ones would stay. Nothing says then that the kubelet wants
 * containerd, whose socket is not there.
 */
const withoutKubelet = (line: Line) => {
  const isOfKubelet = /^foreshock_(kubelet_|runtime_up)/.test(line.name) || BY_KUBELET.includes(line.labels.what ?? '');
  return isOfKubelet ? undefined : withoutPodLogLimits(line);
};
const BY_KUBELET = ['kubelet_config', 'kubelet_root', 'containerd_socket'];
const place = (what: string, path: string, source: string): Line => ({
  name: 'foreshock_location_info',
  labels: { what, path, source },
  value: 1,
});
const FOUND_WITHOUT = [
  place('kubelet_root', '/var/lib/kubelet', 'found'),
  place('containerd_socket', '/run/containerd/containerd.sock', 'assumed'),
];

const BREAKAGES: Breakage[] = [
  {
    what: 'no /proc/vmstat',
    break: (tree) => tree.delete('/proc/vmstat'),
    failing: ['reclaim'],
    named: '/proc/vmstat',
    change: without(/_(reclaim|workingset|allocation)_/),
  },
  {
    what: 'a /proc/zoneinfo that is garbage',
    break: (tree) => tree.write('/proc/zoneinfo', 'garbage\n'),
    failing: ['reclaim'],
    named: '/proc/zoneinfo',
    change: without(/_memory_above_/),
  },
  {
    what: 'a kswapd thread whose stat is cut off',
    break: (tree) => tree.write('/proc/45/stat', '45 (kswapd0) S 2 0 0'),
    failing: ['reclaim'],
    named: '45 (kswapd0) S 2',
    change: without(/_kswapd_/),
  },
  {
    what: 'no kswapd thread to be seen',
    break: (tree) => tree.delete('/proc/45'),
    failing: [],
    change: without(/_kswapd_/),
  },
  {
    what: 'a memory.pressure that is garbage',
    break: (tree) => tree.write(`/sys/fs/cgroup/unified${W1_CGROUP}/memory.pressure`, 'garbage\n'),
    failing: ['reclaim'],
    named: 'memory.pressure',
  },
  {
    what: 'a cgroup without memory.pressure',
    break: (tree) => tree.delete(`/sys/fs/cgroup/unified${W1_CGROUP}/memory.pressure`),
    failing: [],
  },
  {
    what: 'a transient unit that is a directory',
    break: (tree) => {
      writeOrphan(tree, '/run/systemd/transient/run-1.scope');
      tree.write('/run/systemd/transient/run-2.scope/x', '');
    },
    failing: ['systemd_mounts'],
    named: '/run/systemd/transient/run-2.scope',
    added: transientUnits(2, 1),
  },
  {
    what: 'transient units that are garbage',
    break: (tree) => tree.write('/run/systemd/transient/run-2.scope', '\0\u{1}garbage'),
    failing: [],
    added: transientUnits(1, 0),
  },
  {
    what: "a kubelet's configuration that is no YAML",
    break: (tree) => tree.write(KUBELET_CONFIG, 'containerLogMaxSize: [10Mi\n'),
    failing: ['container_logs', 'kubelet_config', 'image_filesystem'],
    named: KUBELET_CONFIG,
    change: withoutKubelet,
    added: FOUND_WITHOUT,
  },
  {
    what: "a kubelet's configuration with a text for a number of log files",
    break: (tree) => tree.append(KUBELET_CONFIG, 'containerLogMaxFiles: many\n'),
    failing: ['container_logs'],
    named: `${KUBELET_CONFIG}: containerLogMaxFiles`,
    change: (line) => {
      const isSet = line.labels.setting === 'containerLogMaxFiles';
      return isSet ? { ...line, labels: { ...line.labels, source: 'configured' } } : withoutPodLogLimits(line);
    },
  },
  {
    what: "a kubelet's configuration with a text for a number of requests",
    break: (tree) => tree.append(KUBELET_CONFIG, 'kubeAPIQPS: many\n'),
    failing: ['kubelet_config'],
    named: `${KUBELET_CONFIG}: kubeAPIQPS`,
    change: without(/_kubelet_/),
  },
  {
    what: "a kubelet's configuration that is gone",
    break: (tree) => tree.write('/proc/2788/cmdline', 'kubelet\0--config=/etc/kubelet.yaml\0'),
    failing: ['container_logs', 'kubelet_config', 'image_filesystem'],
    named: '/etc/kubelet.yaml: not found',
    change: withoutKubelet,
    added: FOUND_WITHOUT,
  },
];

test('a host with one thing broken about its kernel, systemd or kubelet', (t) => testBreakagesInThreads(t, BREAKAGES));

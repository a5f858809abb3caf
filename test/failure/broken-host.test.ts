import { test } from 'node:test';
import type { Line } from '../exposition-text.ts';
import { inThreads } from './collect-once.ts';
import {
  type Breakage,
  CRONER,
  isOf,
  SUBPATH,
  SUBPATH_BUNDLE,
  testBreakages,
  transientUnits,
  unknown,
  W1_CGROUP,
  writeOrphan,
  Z1,
  Z1_FILES,
} from './host-breakage.ts';
import { HostTree } from './host-tree.ts';

/** A zombie of the croner container, and the parent that does not wait for it and 41 others. */
const ZOMBIE = '/proc/26162';
const PARENT = '/proc/25993';

const KUBELET_CONFIG = '/var/lib/kubelet/config.yaml';

/** What /proc tells of the kernel's reclaim of memory. */
const OF_THE_KERNEL = /_(kswapd|reclaim|workingset|allocation|memory_above)_/;

const lostName = (line: Line) => (isOf(line, Z1) ? unknown(line) : line);
const without = (names: RegExp) => (line: Line) => (names.test(line.name) ? undefined : line);
const withoutPodLogLimits = (line: Line) =>
  line.name === 'foreshock_container_log_limit_bytes' && line.labels.namespace === 'shop' ? undefined : line;
const withoutKubelet = (line: Line) =>
  line.name.startsWith('foreshock_kubelet_') ? undefined : withoutPodLogLimits(line);
const oneZombieLess = (line: Line) =>
  isOf(line, CRONER) && line.name.startsWith('foreshock_zombie_') ? { ...line, value: 41 } : line;

const BREAKAGES: Breakage[] = [
  {
    what: 'a truncated config.v2.json',
    break: (tree) => tree.truncate(`${Z1_FILES}/config.v2.json`, 1000),
    failing: ['containers'],
    named: `${Z1_FILES}/config.v2.json`,
    change: lostName,
  },
  {
    what: 'an empty config.v2.json',
    break: (tree) => tree.truncate(`${Z1_FILES}/config.v2.json`, 0),
    failing: ['containers'],
    named: `${Z1_FILES}/config.v2.json`,
    change: lostName,
  },
  {
    what: 'a truncated hostconfig.json',
    break: (tree) => tree.truncate(`${Z1_FILES}/hostconfig.json`, 300),
    failing: ['containers'],
    named: `${Z1_FILES}/hostconfig.json`,
    change: (line) => (isOf(line, Z1) && line.name === 'foreshock_container_log_limit_bytes' ? undefined : line),
  },
  {
    what: 'a daemon.json that is no JSON',
    break: (tree) => tree.write('/etc/docker/daemon.json', "data-root: '/srv/docker'\n"),
    failing: ['containers', 'image_filesystem'],
    named: '/etc/docker/daemon.json',
  },
  {
    what: 'an OCI spec that is garbage',
    break: (tree) => tree.write(`${SUBPATH_BUNDLE}/config.json`, '\0\u{1}garbage'),
    failing: ['containers'],
    named: `${SUBPATH_BUNDLE}/config.json`,
    change: (line) => (isOf(line, SUBPATH) && !line.name.includes('_log_') ? unknown(line) : line),
  },
  {
    what: 'no mount table of the first process',
    break: (tree) => tree.delete('/proc/1/mountinfo'),
    failing: [],
  },
  {
    what: 'no mount table at all',
    break: (tree) => ['/proc/1/mountinfo', '/proc/self/mountinfo'].forEach((path) => void tree.delete(path)),
    failing: [
      'containers',
      'writable_layers',
      'pids',
      'memory_cgroups',
      'systemd_mounts',
      'reclaim',
      'image_filesystem',
    ],
    named: '/self/mountinfo',
    change: withoutNames,
  },
  {
    what: 'no /proc/loadavg',
    break: (tree) => tree.delete('/proc/loadavg'),
    failing: ['pids'],
    named: '/proc/loadavg',
    change: without(/_pids_/),
  },
  {
    what: 'no /proc/cgroups',
    break: (tree) => tree.delete('/proc/cgroups'),
    failing: ['memory_cgroups'],
    named: '/proc/cgroups',
    change: without(/_memory_cgroups/),
  },
  {
    what: 'no /proc/vmstat',
    break: (tree) => tree.delete('/proc/vmstat'),
    failing: ['reclaim'],
    named: '/proc/vmstat',
    change: without(/_(reclaim|workingset|allocation|memory_above)_/),
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
    what: 'a process without stat',
    break: (tree) => tree.delete(`${ZOMBIE}/stat`),
    failing: [],
    change: oneZombieLess,
  },
  {
    what: 'a truncated stat of a zombie',
    break: (tree) => tree.write(`${ZOMBIE}/stat`, '26162 (sh) Z'),
    failing: ['zombies'],
    named: '/26162/stat',
    change: oneZombieLess,
  },
  {
    what: 'a stat that is garbage',
    break: (tree) => tree.write(`${ZOMBIE}/stat`, 'garbage\n'),
    failing: ['zombies'],
    named: '/26162/stat',
    change: oneZombieLess,
  },
  {
    what: 'a stat of a parent of zombies that is garbage',
    break: (tree) => tree.write(`${PARENT}/stat`, 'garbage\n'),
    failing: ['zombies'],
    named: '/25993/stat',
    change: (line) => (line.labels.command === 'sleep' ? { ...line, labels: { ...line.labels, command: '' } } : line),
  },
  {
    what: 'a cgroup without pids.events',
    break: (tree) => tree.delete(`/sys/fs/cgroup/pids${W1_CGROUP}/pids.events`),
    failing: [],
  },
  {
    what: "a kubelet's configuration that is no YAML",
    break: (tree) => tree.write(KUBELET_CONFIG, 'containerLogMaxSize: [10Mi\n'),
    failing: ['container_logs', 'kubelet_config', 'image_filesystem'],
    named: KUBELET_CONFIG,
    change: withoutKubelet,
  },
  {
    what: "a kubelet's configuration with a text for a number of log files",
    break: (tree) => tree.append(KUBELET_CONFIG, 'containerLogMaxFiles: many\n'),
    failing: ['container_logs'],
    named: `${KUBELET_CONFIG}: containerLogMaxFiles`,
    change: withoutPodLogLimits,
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
    named: '/etc/kubelet.yaml: not there',
    change: withoutKubelet,
  },
];

/** Without inventory: only pod logs tell their owner, and a zombie's container is nothing but an id. */
function withoutNames(line: Line): Line | undefined {
  if (OF_THE_KERNEL.test(line.name) || /_(kubelet|daemon)_/.test(line.name)) return line;
  if (/_pids_|_memory_|_mounts$|_info$/.test(line.name)) return undefined;
  if (line.name.includes('_log_')) return line.labels.namespace === 'shop' ? line : undefined;
  if (isOf(line, CRONER)) return unknown(line);
  return line.labels.cgroup === '/' ? line : undefined;
}

test('a host with one thing broken', async (t) => {
  const tree = new HostTree();
  const { collect, pool } = inThreads(tree);
  t.after(async () => {
    await pool.close(10);
    tree.remove();
  });
  await testBreakages(t, tree, collect, BREAKAGES);
});

import { test } from 'node:test';
import { collectors } from '../../exporter/node/collectors/index.ts';
import type { Line } from '../exposition-text.ts';
import {
  type Breakage,
  CRONER,
  isOf,
  SUBPATH,
  SUBPATH_BUNDLE,
  testBreakagesInThreads,
  unknown,
  unread,
  W1_CGROUP,
  Z1,
  Z1_FILES,
} from './host-breakage.ts';

/** A zombie of the croner container, and the parent that does not wait for it and 41 others. */
const ZOMBIE = '/proc/26162';
const PARENT = '/proc/25993';

/** What /proc tells of the kernel's reclaim of memory. */
const OF_THE_KERNEL = /_(kswapd|reclaim|workingset|allocation|memory_above)_/;

/** Collectors that need the mount table. */
const NEED_MOUNTS = ['writable_layers', 'pids', 'memory_cgroups', 'systemd_mounts', 'reclaim', 'image_filesystem'];

const metricsThatNeedMounts = new Set(
  collectors.filter(({ name }) => NEED_MOUNTS.includes(name)).flatMap(({ metrics }) => metrics.map(({ name }) => name)),
);

const lostName = (line: Line) => (isOf(line, Z1) ? unknown(line) : line);
const without = (names: RegExp) => (line: Line) => (names.test(line.name) ? undefined : line);
const oneZombieLess = (line: Line) =>
  isOf(line, CRONER) && line.name.startsWith('foreshock_zombie_') ? { ...line, value: 41 } : line;

/** As a location that is known in another way. */
const relocated = (sources: Record<string, string>) => (line: Line) => {
  const source = sources[line.labels.what ?? ''];
  return source === undefined ? line : { ...line, labels: { ...line.labels, source } };
};

const BREAKAGES: Breakage[] = [
  {
    what: 'a truncated config.v2.json',
    break: (tree) => tree.truncate(`${Z1_FILES}/config.v2.json`, 1000),
    failing: ['containers'],
    named: `${Z1_FILES}/config.v2.json`,
    change: unread('configuration_unreadable', lostName),
  },
  {
    what: 'an empty config.v2.json',
    break: (tree) => tree.truncate(`${Z1_FILES}/config.v2.json`, 0),
    failing: ['containers'],
    named: `${Z1_FILES}/config.v2.json`,
    change: unread('configuration_unreadable', lostName),
  },
  {
    what: "a config.v2.json of 1 TiB, which no fault is but its container's",
    break: (tree) => tree.truncate(`${Z1_FILES}/config.v2.json`, 1024 ** 4),
    failing: [],
    change: unread('configuration_too_large', lostName),
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
    failing: ['containers'],
    named: '/etc/docker/daemon.json',
    change: relocated({ docker_root: 'found', docker_socket: 'assumed' }),
  },
  {
    what: 'an OCI spec that is garbage',
    break: (tree) => tree.write(`${SUBPATH_BUNDLE}/config.json`, '\0\u{1}garbage'),
    failing: ['containers'],
    named: `${SUBPATH_BUNDLE}/config.json`,
    change: unread('configuration_unreadable', (line) =>
      isOf(line, SUBPATH) && !line.name.includes('_log_') ? unknown(line) : line,
    ),
  },
  {
    what: 'no mount table of the first process',
    break: (tree) => tree.delete('/proc/1/mountinfo'),
    failing: [],
  },
  {
    what: 'no mount table at all',
    break: (tree) => ['/proc/1/mountinfo', '/proc/self/mountinfo'].forEach((path) => void tree.delete(path)),
    failing: ['containers', 'container_logs', ...NEED_MOUNTS],
    named: '/self/mountinfo',
    change: withoutMounts,
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
];

/** Containers have their names from the files of runtimes; what is mounted where is not known. */
function withoutMounts(line: Line): Line | undefined {
  if (OF_THE_KERNEL.test(line.name)) return line;
  const isOfLayers = line.name === 'foreshock_containers_unmeasured' && line.labels.collector === 'writable_layers';
  return isOfLayers || metricsThatNeedMounts.has(line.name)
    ? undefined
    : relocated({ containerd_snapshots: 'assumed' })(line);
}

test('a host with one thing broken about its containers', (t) => testBreakagesInThreads(t, BREAKAGES));

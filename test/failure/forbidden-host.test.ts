import { chmodSync } from 'node:fs';
import { test } from 'node:test';
import { foreshock } from '../cli/command-line.ts';
import type { Line } from '../exposition-text.ts';
import { missing } from '../programs.ts';
import { asUser } from './collect-once.ts';
import {
  type Breakage,
  CHATTY,
  CHATTY_LOGS,
  isOf,
  SUBPATH,
  SUBPATH_BUNDLE,
  testBreakages,
  transientUnits,
  unknown,
  unread,
  W1_CGROUP,
  writeOrphan,
  Z1,
  Z1_FILES,
} from './host-breakage.ts';
import { HostTree } from './host-tree.ts';

/** Debian's nobody and nogroup. */
const NOBODY = 65_534;

const TRANSIENT = '/run/systemd/transient';

const isLog = ({ name }: Line) => name.startsWith('foreshock_container_log_');

const withoutSizeOfChatty = (line: Line) =>
  isOf(line, CHATTY) && /_log_(bytes|limit)/.test(line.name) ? undefined : line;

const BREAKAGES: Breakage[] = [
  {
    what: 'the files of one Docker container',
    break: (tree) => tree.forbid(Z1_FILES),
    failing: ['containers', 'container_logs'],
    named: Z1_FILES,
    change: unread(
      'log_unreadable',
      unread('configuration_unreadable', (line) => {
        if (!isOf(line, Z1)) return line;
        return /_log_(bytes|limit)/.test(line.name) ? undefined : unknown(line);
      }),
    ),
  },
  {
    what: 'the configuration of one Docker container',
    break: (tree) => tree.forbid(`${Z1_FILES}/config.v2.json`),
    failing: ['containers'],
    named: `${Z1_FILES}/config.v2.json`,
    change: unread('configuration_unreadable', (line) => (isOf(line, Z1) ? unknown(line) : line)),
  },
  {
    what: "Docker's data root",
    break: (tree) => tree.forbid('/var/lib/docker'),
    failing: ['containers', 'container_logs', 'writable_layers', 'image_filesystem'],
    named: '/var/lib/docker',
    change: (line) => {
      // Of its two containers one runs: its cgroup says so, and nothing says who it is.
      if (line.labels.reason === 'unidentified') return { ...line, value: 1 };
      if (line.labels.reason === 'not_scanned') return { ...line, value: line.value - 2 };
      const isOfDocker =
        /_images?(_bytes)?$/.test(line.name) || (line.labels.namespace === '' && line.labels.container);
      return isOfDocker ? undefined : line;
    },
  },
  {
    what: 'the bundle of one container of containerd',
    break: (tree) => tree.forbid(SUBPATH_BUNDLE),
    failing: ['containers'],
    named: SUBPATH_BUNDLE,
    change: unread('configuration_unreadable', (line) => (isOf(line, SUBPATH) && !isLog(line) ? unknown(line) : line)),
  },
  {
    what: 'the log directory of one container',
    break: (tree) => tree.forbid(CHATTY_LOGS),
    failing: ['container_logs'],
    named: CHATTY_LOGS,
    change: (line) => (isOf(line, CHATTY) && isLog(line) ? undefined : line),
  },
  {
    what: 'a log directory that may be listed, and no more',
    break: (tree) => {
      tree.forbid(CHATTY_LOGS);
      chmodSync(tree.local(CHATTY_LOGS), 0o444);
    },
    failing: ['container_logs'],
    named: `${CHATTY_LOGS}/0.log`,
    change: unread('log_unreadable', withoutSizeOfChatty),
  },
  {
    what: 'a compressed log',
    break: (tree) => {
      tree.write(`${CHATTY_LOGS}/0.log.20261128-000000.gz`, 'of no meaning');
      tree.forbid(`${CHATTY_LOGS}/0.log.20261128-000000.gz`);
    },
    failing: ['container_logs'],
    named: `${CHATTY_LOGS}/0.log.20261128-000000.gz`,
    change: unread('log_unreadable', withoutSizeOfChatty),
  },
  {
    what: 'the log directories of all pods',
    break: (tree) => tree.forbid('/var/log/pods'),
    failing: ['containers', 'container_logs'],
    named: '/var/log/pods',
    change: (line) => (line.labels.namespace === 'shop' && isLog(line) ? undefined : line),
  },
  {
    what: 'events of the memory subsystem',
    break: (tree) => tree.forbid('/proc/vmstat'),
    failing: ['reclaim'],
    named: '/proc/vmstat',
    change: (line) => (/_(reclaim|workingset|allocation)_/.test(line.name) ? undefined : line),
  },
  {
    what: 'the memory pressure of one container',
    break: (tree) => tree.forbid(`/sys/fs/cgroup/unified${W1_CGROUP}/memory.pressure`),
    failing: ['reclaim'],
    named: `${W1_CGROUP}/memory.pressure`,
  },
  {
    what: "systemd's transient units",
    break: (tree) => {
      writeOrphan(tree, `${TRANSIENT}/run-1.scope`);
      tree.forbid(TRANSIENT);
    },
    failing: ['systemd_mounts'],
    named: TRANSIENT,
  },
  {
    what: 'one transient unit',
    break: (tree) => {
      for (const unit of ['run-1.scope', 'run-2.scope']) writeOrphan(tree, `${TRANSIENT}/${unit}`);
      tree.forbid(`${TRANSIENT}/run-2.scope`);
    },
    failing: ['systemd_mounts'],
    named: `${TRANSIENT}/run-2.scope`,
    added: transientUnits(2, 1),
  },
  {
    what: 'the directories of all pods',
    break: (tree) => {
      writeOrphan(tree, `${TRANSIENT}/run-1.scope`);
      tree.forbid('/var/lib/kubelet/pods');
    },
    failing: ['systemd_mounts'],
    named: '/var/lib/kubelet/pods',
    added: transientUnits(1),
  },
];

test('a host where one directory may not be read', { skip: await cannotRun() }, async (t) => {
  const tree = new HostTree();
  t.after(() => tree.remove());
  await testBreakages(t, tree, asUser(tree, NOBODY), BREAKAGES);
});

/** Root may read everything, so the exporter must run as somebody else, who must be able to read the exporter. */
async function cannotRun(): Promise<string | false> {
  const needed = missing([], { root: true });
  if (needed) return needed;
  const { code } = await foreshock(['--version'], NOBODY);
  return code !== 0 && "other users may not read the project's folder";
}

import { test } from 'node:test';
import type { Line } from '../exposition-text.ts';
import { missing } from '../programs.ts';
import { asUser } from './collect-once.ts';
import { foreshock } from './command-line.ts';
import {
  type Breakage,
  CHATTY,
  CHATTY_LOGS,
  isOf,
  SUBPATH,
  SUBPATH_BUNDLE,
  testBreakages,
  unknown,
  Z1,
  Z1_FILES,
} from './host-breakage.ts';
import { HostTree } from './host-tree.ts';

/** Debian's nobody and nogroup. */
const NOBODY = 65_534;

const isLog = ({ name }: Line) => name.startsWith('foreshock_container_log_');

const BREAKAGES: Breakage[] = [
  {
    what: 'the files of one Docker container',
    break: (tree) => tree.forbid(Z1_FILES),
    failing: ['containers', 'container_logs'],
    named: Z1_FILES,
    change: (line) => {
      if (!isOf(line, Z1)) return line;
      return /_log_(bytes|limit)/.test(line.name) ? undefined : unknown(line);
    },
  },
  {
    what: "Docker's data root",
    break: (tree) => tree.forbid('/var/lib/docker'),
    failing: ['containers'],
    named: '/var/lib/docker',
    change: (line) => (line.labels.namespace === '' && line.labels.container !== '' ? undefined : line),
  },
  {
    what: 'the bundle of one container of containerd',
    break: (tree) => tree.forbid(SUBPATH_BUNDLE),
    failing: ['containers'],
    named: SUBPATH_BUNDLE,
    change: (line) => (isOf(line, SUBPATH) && !isLog(line) ? unknown(line) : line),
  },
  {
    what: 'the log directory of one container',
    break: (tree) => tree.forbid(CHATTY_LOGS),
    failing: ['container_logs'],
    named: CHATTY_LOGS,
    change: (line) => (isOf(line, CHATTY) && isLog(line) ? undefined : line),
  },
  {
    what: 'the log directories of all pods',
    break: (tree) => tree.forbid('/var/log/pods'),
    failing: ['containers', 'container_logs'],
    named: '/var/log/pods',
    change: (line) => (line.labels.namespace === 'shop' && isLog(line) ? undefined : line),
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

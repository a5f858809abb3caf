import assert from 'node:assert/strict';
import { chmodSync, mkdirSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { foreshock } from '../cli/command-line.ts';
import type { LogEntry } from '../exporter/node/scheduling/scheduled-collectors.ts';
import { sampleValue } from '../exposition-text.ts';
import { missing } from '../programs.ts';
import { grpcServer, listen } from '../servers.ts';
import { HostTree } from './host-tree.ts';

/** Debian's nobody. */
const NOBODY = 65_534;

const DIRECTORY = '/run/crio';
const SOCKETS = { containerd: '/run/containerd.sock', 'cri-o': `${DIRECTORY}/crio.sock` };

test('sockets that the exporter may not use', { skip: await cannotRun() }, async (t) => {
  const tree = await hostWithSockets(t);

  await t.test('are asked while it may', async () => {
    const { up, success, faults } = await collectAsNobody(tree);
    assert.deepEqual({ up, success, faults }, { up: { containerd: 1, 'cri-o': 1 }, success: 1, faults: [] });
  });
  await t.test('are a fault with its remedy, and hide no other', async () => {
    chmodSync(tree.local(SOCKETS.containerd), 0o600);
    const { up, success, faults } = await collectAsNobody(tree);
    assert.deepEqual({ up, success }, { up: { containerd: undefined, 'cri-o': 1 }, success: 0 });
    assert.deepEqual(
      faults.map(({ about }) => about),
      [SOCKETS.containerd],
    );
    assert.match(faults[0]?.error ?? '', /EACCES.*needs write permission on the socket/);
  });
  await t.test('are a fault too where it cannot tell whether they are there', async () => {
    chmodSync(tree.local(SOCKETS.containerd), 0o666);
    chmodSync(tree.local(DIRECTORY), 0o700);
    const { up, success, faults } = await collectAsNobody(tree);
    assert.deepEqual({ up, success }, { up: { containerd: 1, 'cri-o': undefined }, success: 0 });
    assert.match(faults[0]?.error ?? '', /EACCES/);
  });
});

/** The recorded host with two runtimes that answer everybody. */
async function hostWithSockets(t: TestContext): Promise<HostTree> {
  const tree = new HostTree();
  mkdirSync(tree.local(DIRECTORY));
  for (const path of Object.values(SOCKETS)) {
    await listen(t, grpcServer(0), tree.local(path));
    chmodSync(tree.local(path), 0o666);
  }
  t.after(() => tree.remove());
  return tree;
}

async function collectAsNobody(tree: HostTree) {
  const socket = `--collector.runtime.containerd-socket=${SOCKETS.containerd}`;
  const { stdout, stderr } = await foreshock(['node', '--once', socket, ...tree.flags], NOBODY);
  const log = stderr.split('\n').filter(Boolean);
  const up = (runtime: string) => sampleValue(stdout, 'foreshock_runtime_up', { runtime });
  return {
    up: { containerd: up('containerd'), 'cri-o': up('cri-o') },
    success: sampleValue(stdout, 'foreshock_collector_success', { collector: 'runtime' }),
    faults: log.map((line) => JSON.parse(line) as LogEntry).filter(({ collector }) => collector === 'runtime'),
  };
}

/** Root may use every socket, so the exporter must run as somebody else, who must be able to read the exporter. */
async function cannotRun(): Promise<string | false> {
  const needed = missing([], { root: true });
  if (needed) return needed;
  const { code } = await foreshock(['--version'], NOBODY);
  return code !== 0 && "other users may not read the project's folder";
}

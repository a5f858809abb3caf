import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { missing } from '../../../programs.ts';
import { eventually } from '../eventually.ts';
import { loadRecordings, readRecordings } from '../recordings.ts';
import { TestCluster } from '../test-cluster.ts';
import { refusal } from './faults.ts';

/** kubectl on the recorded cluster: what it says of the fake server is a second opinion on how true that is. */
async function kubectlOf(t: TestContext) {
  const cluster = await TestCluster.start(t);
  loadRecordings(cluster.server, readRecordings());
  const home = mkdtempSync(join(tmpdir(), 'foreshock-kubectl-'));
  t.after(() => rmSync(home, { recursive: true }));
  const { authority, client } = cluster.certificates;
  for (const [name, text] of Object.entries({ ca: authority.cert, cert: client.cert, key: client.key })) {
    writeFileSync(join(home, name), text);
  }
  const files = [
    '--certificate-authority',
    join(home, 'ca'),
    '--client-certificate',
    join(home, 'cert'),
    '--client-key',
    join(home, 'key'),
  ];
  const start = (...args: string[]) => {
    const child = spawn(
      'kubectl',
      ['--server', cluster.server.url, ...files, '--cache-dir', join(home, 'cache'), ...args],
      {
        env: { PATH: process.env.PATH, HOME: home },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    return { child, output: () => output };
  };
  const run = async (...args: string[]) => {
    const { child, output } = start(...args);
    await once(child, 'close');
    return { status: child.exitCode, output: output() };
  };
  return { cluster, start, run };
}

const skip = missing(['kubectl']);

test('kubectl lists all four resources, in pages', { skip }, async (t) => {
  const { cluster, run } = await kubectlOf(t);
  for (const { resource, list } of readRecordings()) {
    const { status, output } = await run('get', resource, '-A', '-o', 'name', '--chunk-size=2');
    assert.equal(status, 0, output);
    const names = output
      .trim()
      .split('\n')
      .map((line) => line.split('/')[1]);
    assert.deepEqual(names.sort(), list.items.map(({ metadata }) => metadata.name).sort(), resource);
    const pages = cluster.server.asked.splice(0).filter((asked) => asked.resource === resource);
    assert.equal(pages.length, Math.ceil(list.items.length / 2), resource);
  }
});

test('kubectl sees the status of the recorded node', { skip }, async (t) => {
  const { run } = await kubectlOf(t);
  const { output } = await run(
    'get',
    'nodes',
    '-o',
    'jsonpath={.items[0].status.conditions[?(@.type=="Ready")].status}',
  );
  assert.equal(output, 'True');
});

test('kubectl watches nodes as they change', { skip }, async (t) => {
  const { cluster, start } = await kubectlOf(t);
  const format = 'jsonpath={.type} {.object.metadata.name}{"\\n"}';
  const { child, output } = start('get', 'nodes', '--watch', '--output-watch-events', '-o', format);
  t.after(() => child.kill());
  await eventually(() => cluster.server.watches('nodes').length > 0 || child.exitCode !== null);
  const node = { kind: 'Node', apiVersion: 'v1', metadata: { name: 'node-b', uid: 'b' } };
  for (const type of ['ADDED', 'MODIFIED', 'DELETED'] as const) cluster.server.change('nodes', type, node);
  await eventually(output, (text) => text.includes('DELETED node-b\n'));
  assert.equal(output(), 'ADDED node-a\nADDED node-b\nMODIFIED node-b\nDELETED node-b\n');
});

test('kubectl understands the refusals', { skip }, async (t) => {
  const { cluster, run } = await kubectlOf(t);
  cluster.server.fail('nodes', 'list', refusal(403, 'Forbidden', 'nodes is forbidden: User "u" cannot list'));
  const { status, output } = await run('get', 'nodes');
  assert.equal(status, 1);
  assert.match(output, /Error from server \(Forbidden\): nodes is forbidden: User "u" cannot list/);
});

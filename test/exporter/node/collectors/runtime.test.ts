import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync } from 'node:fs';
import type { Server } from 'node:net';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { runtime } from '../../../../exporter/node/collectors/runtime.ts';
import { grpcServer, httpServer, listen, silentServer } from '../../../servers.ts';
import { processEntries } from '../host/process-entries.ts';
import { type Entry, temporaryHost, writeEntries } from '../host/temporary-host.ts';
import { type Run, runCollector } from '../run-collector.ts';

const DOCKERD = processEntries(50, 'dockerd', { cgroup: '/docker.service' });

const DOCKER = '/run/docker.sock';
const CONTAINERD = '/run/containerd/containerd.sock';
const K3S = '/run/k3s/containerd/containerd.sock';
const CRIO = '/run/crio/crio.sock';

/** A host with these files, and these servers on its sockets. */
async function hostWith(t: TestContext, entries: Record<string, Entry>, sockets: Record<string, Server> = {}) {
  const { host, root } = temporaryHost(t, entries);
  for (const [path, server] of Object.entries(sockets)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    await listen(t, server, join(root, path));
  }
  return { host, root };
}

/** The runtimes that are up (1) or not (0), and those whose answer was waited for. */
function findings({ values }: Run) {
  const of = (metric: string) =>
    Object.entries(values).flatMap(([key, value]) => {
      const label = new RegExp(`^${metric}\\{runtime="(.*)"\\}$`).exec(key)?.[1];
      return label === undefined ? [] : [[label, value] as const];
    });
  return {
    up: Object.fromEntries(of('runtime_up')),
    timed: of('runtime_ping_duration_seconds').map(([label]) => label),
  };
}

test('the runtimes that answer are up', async (t) => {
  const sockets = { [DOCKER]: httpServer(200), [CONTAINERD]: grpcServer(0), [CRIO]: grpcServer(0) };
  const { host } = await hostWith(t, DOCKERD, sockets);
  const run = await runCollector(runtime, host);
  const up = { docker: 1, containerd: 1, 'cri-o': 1 };
  assert.deepEqual(findings(run), { up, timed: ['docker', 'containerd', 'cri-o'] });
  assert.deepEqual([run.faults, run.absent], [[], []]);
});

test('a host without runtimes has no series', async (t) => {
  const { host } = await hostWith(t, {});
  const run = await runCollector(runtime, host);
  assert.deepEqual(run.values, {});
  assert.deepEqual([run.faults, run.absent], [[], [DOCKER, `${CONTAINERD}, ${K3S}`, CRIO]]);
});

test('a runtime without socket has no series, even if its daemon runs', async (t) => {
  const { host } = await hostWith(t, DOCKERD, { [CONTAINERD]: grpcServer(0) });
  assert.deepEqual(findings(await runCollector(runtime, host)).up, { containerd: 1 });
});

test('a runtime that stands still is down after its time, while the others are up', async (t) => {
  const { host } = await hostWith(t, DOCKERD, { [DOCKER]: silentServer(), [CONTAINERD]: grpcServer(0) });
  const run = await runCollector(runtime, host, { options: { 'ping-timeout': 0.2 } });
  assert.deepEqual(findings(run), { up: { docker: 0, containerd: 1 }, timed: ['docker', 'containerd'] });
  assert.deepEqual(run.faults, []);
});

test('a Docker that systemd would start is not connected to, and is down until its daemon runs', async (t) => {
  let connections = 0;
  const server = httpServer(200).on('connection', () => {
    connections += 1;
  });
  const { host, root } = await hostWith(t, {}, { [DOCKER]: server });
  const stopped = await runCollector(runtime, host, { now: () => 1000 });
  assert.deepEqual(findings(stopped), { up: { docker: 0 }, timed: [] });
  assert.equal(connections, 0);
  writeEntries(root, DOCKERD);
  const running = await runCollector(runtime, host, { previous: stopped.state, now: () => 1015 });
  assert.deepEqual(findings(running), { up: { docker: 1 }, timed: ['docker'] });
  assert.equal(connections, 1);
});

test('of several sockets the first that is there is asked', async (t) => {
  const k3s = await hostWith(t, {}, { [K3S]: grpcServer(0) });
  assert.deepEqual(findings(await runCollector(runtime, k3s.host)).up, { containerd: 1 });
  const both = await hostWith(t, {}, { [CONTAINERD]: silentServer(), [K3S]: grpcServer(0) });
  const options = { 'ping-timeout': 0.2 };
  assert.deepEqual(findings(await runCollector(runtime, both.host, { options })).up, { containerd: 0 });
});

test('a socket is asked where its flag says, and not at all when that is empty', async (t) => {
  const sockets = { [CONTAINERD]: grpcServer(0), '/run/k0s/c.sock': grpcServer(0), [CRIO]: grpcServer(0) };
  const { host } = await hostWith(t, {}, sockets);
  const options = { 'docker-socket': '', 'containerd-socket': '/run/k0s/c.sock', 'crio-socket': '' };
  const run = await runCollector(runtime, host, { options });
  assert.deepEqual(findings(run).up, { containerd: 1 });
  assert.deepEqual(run.absent, []);
});

test('a link to a socket leads where it does on the host', async (t) => {
  const { host, root } = await hostWith(t, {}, { '/run/real/c.sock': grpcServer(0) });
  symlinkSync('/run', join(root, 'var-run'));
  symlinkSync('/var-run/real/c.sock', join(root, 'run/c.sock'));
  const run = await runCollector(runtime, host, { options: { 'containerd-socket': '/run/c.sock' } });
  assert.deepEqual(findings(run).up, { containerd: 1 });
});

test('a socket of something else is a fault, and hides no other', async (t) => {
  const { host } = await hostWith(t, {}, { [CONTAINERD]: httpServer(200), [CRIO]: grpcServer(0) });
  const run = await runCollector(runtime, host);
  assert.deepEqual(findings(run).up, { 'cri-o': 1 });
  assert.equal(run.faults.length, 1);
  assert.match(run.faults[0] ?? '', /^\/run\/containerd\/containerd\.sock: Protocol error$/);
});

test('a path that is too long below the root is a fault', async (t) => {
  const socket = `/run/${'a'.repeat(100)}`;
  const { host } = await hostWith(t, { [socket]: '' });
  const run = await runCollector(runtime, host, { options: { 'crio-socket': socket } });
  assert.deepEqual(run.values, {});
  assert.match(run.faults[0] ?? '', /longer than the 107 bytes/);
});

test('sockets are absolute paths', () => {
  const check = runtime.options['docker-socket']?.check;
  assert.deepEqual([check?.(''), check?.('/a'), check?.('/a,/b')], [undefined, undefined, undefined]);
  assert.match(check?.('/a,b') ?? '', /absolute/);
  assert.match(check?.('unix:///run/docker.sock') ?? '', /absolute/);
});

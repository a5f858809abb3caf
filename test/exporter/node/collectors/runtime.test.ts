import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import type { Server } from 'node:net';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { runtime } from '../../../../exporter/node/collectors/runtime.ts';
import { namelessContainer, type Runtime } from '../../../../exporter/node/containers/container.ts';
import { ContainerDirectory } from '../../../../exporter/node/containers/directory.ts';
import type { Facts } from '../../../../exporter/node/inventory/facts.ts';
import { grpcServer, httpServer, listen, silentServer, versionServer } from '../../../servers.ts';
import { processEntries } from '../host/process-entries.ts';
import { type Entry, temporaryHost, writeEntries } from '../host/temporary-host.ts';
import { type Run, runCollector } from '../run-collector.ts';

const DOCKERD = processEntries(50, 'dockerd', { cgroup: '/docker.service' });

const DOCKER = '/run/docker.sock';
const CONTAINERD = '/run/containerd/containerd.sock';
const K3S = '/run/k3s/containerd/containerd.sock';
const CRIO = '/run/crio/crio.sock';

const enabled = (...value: Runtime[]): Facts => ({ enabledRuntimes: { foundAt: 0, value } });
const ENABLED = enabled('docker', 'containerd');

/** What is known on a node whose kubelet has this endpoint. */
function kubeletWith(containerRuntimeEndpoint: string): Facts {
  const configuration = { fields: { containerRuntimeEndpoint }, configured: [], sources: [] };
  return { kubelet: { foundAt: 0, value: { process: undefined, minor: undefined, configuration } } };
}

function containersOf(runtime: Runtime): ContainerDirectory {
  return new ContainerDirectory({ containers: [namelessContainer('a'.repeat(64), runtime)], pods: [] });
}

/** A socket whose process was killed. */
function leftSocket(path: string): void {
  const bind = `require('net').createServer().listen(process.argv[1], () => process.kill(process.pid, 'SIGKILL'))`;
  spawnSync(process.execPath, ['-e', bind, path]);
}

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
  const containerd = `${CONTAINERD}, ${K3S}, /run/k0s/containerd.sock`;
  assert.deepEqual([run.faults, run.absent], [[], [DOCKER, containerd, CRIO]]);
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
  const stopped = await runCollector(runtime, host, { now: () => 1000, facts: enabled('docker') });
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
  const given = { options: { 'ping-timeout': 0.2 }, facts: ENABLED };
  assert.deepEqual(findings(await runCollector(runtime, both.host, given)).up, { containerd: 0, docker: 0 });
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

test('a socket of something else is a fault where a runtime should be, and nothing elsewhere; it hides no other', async (t) => {
  const { host } = await hostWith(t, {}, { [CONTAINERD]: httpServer(200), [CRIO]: grpcServer(0) });
  const strange = await runCollector(runtime, host);
  assert.deepEqual([findings(strange).up, strange.faults], [{ 'cri-o': 1 }, []]);
  const used = await runCollector(runtime, host, { containers: containersOf('containerd') });
  assert.deepEqual(findings(used).up, { 'cri-o': 1 });
  assert.equal(used.faults.length, 1);
  assert.match(used.faults[0] ?? '', /^\/run\/containerd\/containerd\.sock: Protocol error$/);
});

test('a path that is too long below the root is a fault', async (t) => {
  const directory = `/run/${'a'.repeat(100)}`;
  const { host, root } = await hostWith(t, {}, {});
  mkdirSync(join(root, directory), { recursive: true });
  symlinkSync(join(root, directory), join(root, 'short'));
  await listen(t, grpcServer(0), join(root, 'short/c.sock'));
  const run = await runCollector(runtime, host, { options: { 'crio-socket': `${directory}/c.sock` } });
  assert.deepEqual(run.values, {});
  assert.match(run.faults[0] ?? '', /longer than the 107 bytes/);
});

test('what is no socket is no runtime: a directory, a file, a link to nothing, a socket where nobody listens any more', async (t) => {
  const { host, root } = await hostWith(t, {
    [`${DOCKER}/x`]: '',
    [CONTAINERD]: '',
    [CRIO]: { link: '/run/nothing' },
  });
  leftSocket(join(root, 'run/other.sock'));
  for (const [path, given] of [
    [CONTAINERD, {}],
    [CONTAINERD, { containers: containersOf('containerd') }],
  ] as const) {
    const run = await runCollector(runtime, host, given);
    assert.deepEqual([run.values, run.faults], [{}, []], path);
  }
  rmSync(join(root, CONTAINERD));
  leftSocket(join(root, CONTAINERD));
  assert.deepEqual((await runCollector(runtime, host)).values, {});
});

test("podman's socket in Docker's place is none of Docker's", async (t) => {
  const { host } = await hostWith(
    t,
    { [DOCKER]: { link: '/run/podman/podman.sock' } },
    { '/run/podman/podman.sock': httpServer(200) },
  );
  assert.deepEqual((await runCollector(runtime, host)).values, {});
  assert.deepEqual((await runCollector(runtime, host, { containers: containersOf('docker') })).values, {});
});

test('a runtime that the node uses is down when nobody listens, whatever says that it uses it', async (t) => {
  const { host, root } = await hostWith(t, {});
  mkdirSync(dirname(join(root, CONTAINERD)), { recursive: true });
  leftSocket(join(root, CONTAINERD));
  const down = { containerd: 0 };
  const seen = { seen: ['containerd'] };
  for (const [why, given] of Object.entries({
    'containers on disk': { containers: containersOf('containerd') },
    'an enabled unit': { facts: enabled('containerd') },
    'seen since the start': { previous: seen },
    'named by the user': { options: { 'containerd-socket': CONTAINERD } },
    'the endpoint of the kubelet': { facts: kubeletWith(`unix://${CONTAINERD}`) },
  } satisfies Record<string, object>)) {
    const run = await runCollector(runtime, host, given as Parameters<typeof runCollector>[2]);
    assert.deepEqual([findings(run).up, run.faults], [down, []], why);
  }
});

test('a runtime that answered once, or whose daemon ran, is down when it does not any more', async (t) => {
  const { host, root } = temporaryHost(t, DOCKERD);
  mkdirSync(dirname(join(root, CONTAINERD)), { recursive: true });
  leftSocket(join(root, DOCKER));
  const server = grpcServer(0).listen(join(root, CONTAINERD));
  await once(server, 'listening');
  const first = await runCollector(runtime, host, { now: () => 1000 });
  assert.deepEqual(findings(first).up, { docker: 0, containerd: 1 });
  renameSync(join(root, CONTAINERD), join(root, 'kept'));
  server.close();
  leftSocket(join(root, CONTAINERD));
  rmSync(join(root, '/proc/50'), { recursive: true });
  const second = await runCollector(runtime, host, { now: () => 1015, previous: first.state });
  assert.deepEqual(findings(second).up, { docker: 0, containerd: 0 });
  for (const path of [DOCKER, CONTAINERD]) rmSync(join(root, path));
  const stopped = await runCollector(runtime, host, { now: () => 1030, previous: second.state });
  assert.deepEqual(findings(stopped).up, {}, 'one that is stopped in order takes its socket away');
});

test("a runtime without a socket is down only if it is the kubelet's, or an enabled unit starts it", async (t) => {
  const { host, root } = await hostWith(t, {});
  assert.deepEqual(findings(await runCollector(runtime, host, { facts: ENABLED })).up, { docker: 0, containerd: 0 });
  const ofKubelet = await runCollector(runtime, host, { facts: kubeletWith('unix:///var/run/crio/crio.sock') });
  assert.deepEqual(findings(ofKubelet).up, { 'cri-o': 0 });
  writeEntries(root, DOCKERD);
  const elsewhere = await runCollector(runtime, host, { facts: ENABLED });
  assert.deepEqual(findings(elsewhere).up, { containerd: 0 }, 'a daemon that runs listens elsewhere');
});

test("of the kubelet's runtime only its endpoint counts: another containerd that answers says nothing", async (t) => {
  const { host } = await hostWith(t, {}, { [CONTAINERD]: grpcServer(0) });
  const facts = kubeletWith(`unix://${K3S}`);
  assert.deepEqual(findings(await runCollector(runtime, host, { facts })).up, { containerd: 0 });
});

test('at an endpoint whose name says nothing, the runtime says what it is, and is remembered', async (t) => {
  const path = '/run/runtime.sock';
  const { host, root } = await hostWith(t, {}, { [path]: versionServer('cri-o') });
  const facts = kubeletWith(`unix://${path}`);
  const first = await runCollector(runtime, host, { facts });
  assert.deepEqual(findings(first).up, { 'cri-o': 1 });
  rmSync(join(root, path));
  const gone = await runCollector(runtime, host, { facts, previous: first.state });
  assert.deepEqual(findings(gone).up, { 'cri-o': 0 });
});

test("a socket of Docker without dockerd is Docker's only if the node uses Docker", async (t) => {
  const { host } = await hostWith(t, {}, { [DOCKER]: silentServer() });
  assert.deepEqual((await runCollector(runtime, host)).values, {});
  const used = await runCollector(runtime, host, { containers: containersOf('docker') });
  assert.deepEqual(findings(used).up, { docker: 0 });
});

test('sockets are absolute paths', () => {
  const check = runtime.options['docker-socket']?.check;
  assert.deepEqual([check?.(''), check?.('/a'), check?.('/a,/b')], [undefined, undefined, undefined]);
  assert.match(check?.('/a,b') ?? '', /absolute/);
  assert.match(check?.('unix:///run/docker.sock') ?? '', /absolute/);
});

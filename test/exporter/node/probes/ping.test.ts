import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type Ask, askDocker, askOverGrpc, ping } from '../../../../exporter/node/probes/ping.ts';
import { cuttingServer, grpcServer, httpServer, listen, silentServer } from '../../../servers.ts';
import { temporaryDirectory } from '../host/temporary-host.ts';

const LONG = 30;
const SHORT = 0.2;

const askContainerd = askOverGrpc('/grpc.health.v1.Health/Check');
const answer: Ask = async () => true;
const failWith =
  (code: string): Ask =>
  async () =>
    Promise.reject(Object.assign(new Error(code), { code }));

const socketIn = (t: TestContext) => join(temporaryDirectory(t), 'socket');

test('Docker is up when it answers, unless it says that it has failed', async (t) => {
  for (const [status, up] of [
    [200, true],
    [403, true],
    [404, true],
    [500, false],
    [503, false],
  ] as const) {
    const pinged = await ping(askDocker, await listen(t, httpServer(status), socketIn(t)), LONG);
    assert.equal(pinged.up, up, `status ${status}`);
    assert.ok(pinged.seconds !== undefined);
  }
});

test('a gRPC server is up, whatever it answers', async (t) => {
  for (const status of [0, 5, 12, 14]) {
    const pinged = await ping(askContainerd, await listen(t, grpcServer(status), socketIn(t)), LONG);
    assert.equal(pinged.up, true, `status ${status}`);
    assert.ok(pinged.seconds !== undefined);
  }
});

test('a daemon that does not answer is down, and was waited for', async (t) => {
  const socket = await listen(t, silentServer(), socketIn(t));
  for (const ask of [askDocker, askContainerd]) {
    const { up, seconds } = await ping(ask, socket, SHORT);
    assert.equal(up, false);
    assert.ok(seconds !== undefined);
  }
});

test('a daemon that cuts the connection is down, and was not waited for', async (t) => {
  const socket = await listen(t, cuttingServer(), socketIn(t));
  for (const ask of [askDocker, askContainerd]) {
    assert.deepEqual(await ping(ask, socket, LONG), { up: false, seconds: undefined });
  }
});

test('a socket that a daemon has left behind is a daemon that is down', async (t) => {
  const socket = socketIn(t);
  await endServer(await startServer(t, socket));
  for (const ask of [askDocker, askContainerd]) {
    assert.deepEqual(await ping(ask, socket, LONG), { up: false, seconds: undefined });
  }
});

test('a daemon that stands still until its queue of connections is full is down', async (t) => {
  const socket = socketIn(t);
  const server = await startServer(t, socket);
  server.kill('SIGSTOP');
  await fillQueue(t, socket);
  for (const ask of [askDocker, askContainerd]) {
    assert.deepEqual(await ping(ask, socket, LONG), { up: false, seconds: undefined });
  }
});

test('what a ping may not do, or what its own process lacks, tells nothing about the daemon', async () => {
  await assert.rejects(ping(failWith('EACCES'), '/run/docker.sock', LONG), /^CannotAsk: EACCES: .*permission/);
  await assert.rejects(ping(failWith('EMFILE'), '/run/docker.sock', LONG), { code: 'EMFILE' });
});

test('what speaks another protocol is no runtime', async (t) => {
  await assert.rejects(ping(askDocker, await listen(t, grpcServer(0), socketIn(t)), LONG), /Parse Error/);
  await assert.rejects(ping(askContainerd, await listen(t, httpServer(200), socketIn(t)), LONG), /Protocol error/);
});

test('a path that is too long for a socket is an error, not a daemon that is down', async () => {
  const longest = `/${'a'.repeat(106)}`;
  assert.equal((await ping(answer, longest, LONG)).up, true);
  await assert.rejects(ping(answer, `${longest}a`, LONG), /longer than the 107 bytes/);
  await assert.rejects(ping(answer, `/${'é'.repeat(54)}`, LONG), /longer than the 107 bytes/);
});

/** A process that listens there and takes one connection at most without accepting it. */
async function startServer(t: TestContext, path: string): Promise<ChildProcess> {
  const script = "require('net').createServer().listen({ path: process.argv[1], backlog: 1 }, () => console.log('up'))";
  const server = spawn(process.execPath, ['-e', script, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => endServer(server));
  await once(server.stdout, 'data');
  return server;
}

async function endServer(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  server.kill('SIGKILL');
  await once(server, 'exit');
}

/** Connects until the kernel says that no more are queued. */
async function fillQueue(t: TestContext, path: string): Promise<void> {
  for (;;) {
    const socket = createConnection(path).on('error', () => {});
    t.after(() => socket.destroy());
    const error = await once(socket, 'connect').then(
      () => undefined,
      (reason: NodeJS.ErrnoException) => reason,
    );
    if (error) return assert.equal(error.code, 'EAGAIN');
  }
}

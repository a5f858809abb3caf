import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { askRuntimeName, runtimeName } from '../../../../exporter/node/probes/cri-version.ts';
import { grpcServer, listen, versionServer } from '../../../servers.ts';
import { temporaryDirectory } from '../host/temporary-host.ts';

const signal = new AbortController().signal;

test('a runtime says what it is', async (t) => {
  const ask = async (name: string) =>
    askRuntimeName(await listen(t, versionServer(name), join(temporaryDirectory(t), 'socket')), signal);
  assert.equal(await ask('containerd'), 'containerd');
  assert.equal(await ask('cri-o'), 'cri-o');
  assert.equal(await ask('docker'), 'docker');
  assert.equal(await ask('rkt'), undefined);
});

test('an answer without a name says nothing', async (t) => {
  const socket = await listen(t, grpcServer(12), join(temporaryDirectory(t), 'socket'));
  assert.equal(await askRuntimeName(socket, signal), undefined);
});

test('the name is found wherever it stands, and any bytes are a text or nothing', () => {
  assert.equal(runtimeName(Buffer.from('\x1a\x011\x12\x05cri-o')), 'cri-o');
  assert.equal(runtimeName(Buffer.from('\x0a\x01')), undefined);
  assert.equal(runtimeName(Buffer.from([0x12, 0x80, 0x01])), undefined);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      const name = runtimeName(Buffer.from(bytes));
      assert.ok(name === undefined || typeof name === 'string');
    }),
  );
});

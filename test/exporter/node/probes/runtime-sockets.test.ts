import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Location } from '../../../../exporter/node/locations/location.ts';
import { isSocket, socketsOf } from '../../../../exporter/node/probes/runtime-sockets.ts';
import { listen, silentServer } from '../../../servers.ts';
import { temporaryHost } from '../host/temporary-host.ts';

const USUAL = ['/run/containerd/containerd.sock', '/run/k3s/containerd/containerd.sock', '/run/k0s/containerd.sock'];

test('where a runtime may listen', () => {
  const at = (what: Location['what'], path: string): Location => ({ what, path, source: 'configured', by: 'a file' });
  const locations = [at('containerd_socket', '/run/mine.sock'), at('docker_socket', '/run/d.sock')];
  assert.deepEqual(socketsOf('containerd', [], undefined), USUAL);
  assert.deepEqual(socketsOf('containerd', locations, undefined), ['/run/mine.sock', ...USUAL]);
  const endpoint = { path: '/run/k.sock', kind: 'containerd' } as const;
  assert.deepEqual(socketsOf('containerd', locations, endpoint), ['/run/k.sock']);
  assert.deepEqual(socketsOf('cri-o', locations, endpoint), ['/run/crio/crio.sock']);
  const shim = { path: '/run/cri-dockerd.sock', kind: 'docker' } as const;
  assert.deepEqual(socketsOf('docker', locations, shim), ['/run/d.sock', '/run/docker.sock']);
});

test('a socket, also behind a link, is one; what else is there is none', async (t) => {
  const { host, root } = temporaryHost(t, {
    '/run/file': '',
    '/run/directory/x': '',
    '/run/link': { link: '/run/s.sock' },
    '/run/dangling': { link: '/run/gone' },
    '/run/docker.sock': { link: '/run/podman/podman.sock' },
  });
  mkdirSync(join(root, 'run/podman'));
  await listen(t, silentServer(), join(root, 'run/s.sock'));
  await listen(t, silentServer(), join(root, 'run/podman/podman.sock'));
  const is = (path: string) => isSocket(host, path);
  assert.deepEqual(['/run/s.sock', '/run/link'].map(is), [true, true]);
  const others = ['/run/file', '/run/directory', '/run/dangling', '/run/absent', '/run/docker.sock'];
  assert.deepEqual(others.filter(is), []);
});

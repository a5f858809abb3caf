import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { enabledRuntimes } from '../../../../exporter/node/systemd/enabled-runtimes.ts';
import { type Entry, temporaryHost } from '../host/temporary-host.ts';

const UNIT = '/usr/lib/systemd/system/docker.service';
const WANTED = '/etc/systemd/system/multi-user.target.wants/docker.service';

test('a unit that another one wants is enabled', (t) => {
  const on = (entries: Record<string, Entry>) => enabledRuntimes(temporaryHost(t, entries).host);
  assert.deepEqual(on({}), []);
  assert.deepEqual(on({ [UNIT]: '' }), [], 'installed alone');
  assert.deepEqual(on({ [UNIT]: '', [WANTED]: { link: UNIT } }), ['docker']);
  assert.deepEqual(on({ [WANTED]: { link: UNIT } }), [], 'its package was removed');
  assert.deepEqual(
    on({ [UNIT]: '', [WANTED]: { link: UNIT }, '/etc/systemd/system/docker.service': { link: '/dev/null' } }),
    [],
    'masked',
  );
  assert.deepEqual(
    on({ '/etc/systemd/system/sockets.target.wants/docker.socket': '', '/etc/systemd/system/docker.service': '' }),
    [],
    'started on demand',
  );
  const others = {
    '/lib/systemd/system/containerd.service': '',
    '/lib/systemd/system/multi-user.target.wants/containerd.service': { link: '../containerd.service' },
    '/etc/systemd/system/kubelet.service.requires/crio.service': '',
  };
  assert.deepEqual(on(others), ['cri-o', 'containerd']);
});

test('services of OpenRC are enabled by runlevels', (t) => {
  const { host } = temporaryHost(t, {
    '/etc/init.d/docker': '',
    '/etc/runlevels/default/docker': { link: '/etc/init.d/docker' },
    '/etc/runlevels/default/containerd': { link: '/etc/init.d/containerd' },
  });
  assert.deepEqual(enabledRuntimes(host), ['docker']);
});

test('a directory of that name is no unit', (t) => {
  const { host, root } = temporaryHost(t, {});
  mkdirSync(join(root, WANTED), { recursive: true });
  assert.deepEqual(enabledRuntimes(host), []);
});

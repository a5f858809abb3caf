import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type DaemonProcess, findDaemons } from '../../../../exporter/node/daemons/daemon-processes.ts';
import type { Facts } from '../../../../exporter/node/inventory/facts.ts';
import { refreshLocations, runtimeEndpoint } from '../../../../exporter/node/inventory/find-locations.ts';
import { readMounts } from '../../../../exporter/node/inventory/mount-facts.ts';
import type { Kubelet } from '../../../../exporter/node/kubelet/kubelet.ts';
import { processEntries } from '../host/process-entries.ts';
import { temporaryHost, writeEntries } from '../host/temporary-host.ts';
import { contextOf } from '../run-collector.ts';

const kubeletWith = (fields: object): Kubelet => ({
  process: undefined,
  minor: undefined,
  configuration: { fields: { ...fields }, configured: [], sources: [] },
});

test("the kubelet's runtime endpoint", () => {
  assert.equal(runtimeEndpoint(kubeletWith({ containerRuntimeEndpoint: 'unix:///c.sock' })), 'unix:///c.sock');
  for (const none of [undefined, kubeletWith({}), kubeletWith({ containerRuntimeEndpoint: ['x'] })]) {
    assert.equal(runtimeEndpoint(none), undefined);
  }
  assert.equal(
    runtimeEndpoint({ process: undefined, minor: undefined, configuration: undefined, error: 'x' }),
    undefined,
  );
});

test('locations are found again when they are old, or when daemons, mounts or the endpoint are others', (t) => {
  const dockerd = (root: string) => processEntries(50, 'dockerd', { args: [`--data-root=${root}`] });
  const { host, root } = temporaryHost(t, dockerd('/first'));
  let facts: Facts = {};
  const look = (at: number, kubelet?: Kubelet) => {
    const context = { ...contextOf(host, { facts, now: () => at }), dockerRoot: '' };
    const [mounts, value]: [ReturnType<typeof readMounts>['facts'], DaemonProcess[]] = [
      readMounts(host).facts,
      findDaemons(host),
    ];
    const daemons = { foundAt: at, value };
    const locations = refreshLocations(context, { mounted: mounts, daemons, kubelet }, 55);
    facts = { mounts: { foundAt: at, value: mounts }, daemons, locations };
    if (kubelet) facts = { ...facts, kubelet: { foundAt: at, value: kubelet } };
    return [locations.foundAt, locations.value.find(({ what }) => what === 'docker_root')?.path];
  };
  assert.deepEqual(look(1000), [1000, '/first']);
  assert.deepEqual(look(1015), [1000, '/first'], 'kept');
  assert.deepEqual(look(1060), [1060, '/first'], 'old');
  rmSync(join(root, 'proc/50'), { recursive: true });
  assert.deepEqual(look(1075), [1075, '/first'], 'a daemon has ended, and what it was configured with stays');
  writeEntries(root, dockerd('/second'));
  assert.deepEqual(look(1090), [1090, '/second'], 'another one runs');
  const mount = '1 0 0:1 / /third/overlay2/x/merged rw - overlay overlay rw,upperdir=/third/overlay2/x/diff\n';
  writeEntries(root, { '/proc/1/mountinfo': mount });
  assert.deepEqual(look(1105), [1105, '/second'], 'mounted from elsewhere');
  assert.deepEqual(look(1120), [1105, '/second']);
  assert.deepEqual(look(1130, kubeletWith({ containerRuntimeEndpoint: '/c.sock' }))[0], 1130);
  assert.deepEqual(look(1140, kubeletWith({ containerRuntimeEndpoint: '/c.sock' }))[0], 1130);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Container } from '../../../../exporter/node/containers/container.ts';
import { exitedContainers } from '../../../../exporter/node/containers/exited-containers.ts';
import { temporaryHost } from '../host/temporary-host.ts';

const SNAPSHOTS = '/var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots';

test('a container of containerd is known as long as its layer is there', (t) => {
  const { host } = temporaryHost(t, {
    [`${SNAPSHOTS}/1/fs/x`]: '',
    [`${SNAPSHOTS}/2/fs/x`]: '',
    [`${SNAPSHOTS}/3`]: '',
  });
  const container = (id: string, given: Partial<Container>): Container => ({
    ...{ id, runtime: 'containerd', namespace: 'shop', pod: 'cart-0', container: 'app' },
    ...given,
  });
  const known = [
    container('exited', { layer: `${SNAPSHOTS}/1/fs` }),
    container('running', { layer: `${SNAPSHOTS}/2/fs` }),
    container('removed', { layer: `${SNAPSHOTS}/3/fs` }),
    container('without a directory', { missingLayer: 'layer_not_walkable' }),
    container('of Docker', { runtime: 'docker', layer: `${SNAPSHOTS}/1/fs` }),
  ];
  const context = {
    ...{ host, overlays: [], locations: [], progress: () => {}, fault: () => {} },
    layers: new Map([['running', `${SNAPSHOTS}/2/fs`]]),
    known: new Map(known.map((one) => [one.id, one])),
  };
  assert.deepEqual(exitedContainers(context), [known[0]]);
});

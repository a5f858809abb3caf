import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isBefore2, isOlderBuild } from '../../../../exporter/node/locations/containerd-version.ts';
import { temporaryHost } from '../host/temporary-host.ts';

test('the module that containerd was built of tells its major version', () => {
  const path =
    'path\tgithub.com/containerd/containerd/cmd/containerd\nmod\tgithub.com/containerd/containerd\t(devel)\t\n';
  assert.equal(isOlderBuild(path), true);
  assert.equal(isOlderBuild(path.replaceAll('containerd/containerd', 'containerd/containerd/v2')), false);
  assert.equal(isOlderBuild('path\tgithub.com/k3s-io/k3s/cmd/k3s\n'), undefined);
  assert.equal(isOlderBuild(''), undefined);
});

test('what is no executable of Go tells nothing', (t) => {
  assert.equal(isBefore2(temporaryHost(t, { '/proc/60/exe': 'text' }).host, 60), undefined);
  assert.equal(isBefore2(temporaryHost(t, {}).host, 60), undefined);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runtimeOfEndpoint, socketOfEndpoint } from '../../../../exporter/node/locations/endpoint.ts';
import type { Location } from '../../../../exporter/node/locations/location.ts';

test('the socket of an endpoint', () => {
  assert.equal(socketOfEndpoint('unix:///run/c.sock'), '/run/c.sock');
  assert.equal(socketOfEndpoint('/run/c.sock'), '/run/c.sock');
  // biome-ignore lint/suspicious/noTemplateCurlyInString: as MicroK8s writes it
  const ofSnap = 'unix://${SNAP_COMMON}/run/containerd.sock';
  assert.equal(socketOfEndpoint(ofSnap), '/var/snap/microk8s/common/run/containerd.sock');
  for (const none of [undefined, '', 'tcp://127.0.0.1:1', 'npipe:////./pipe/x']) {
    assert.equal(socketOfEndpoint(none), undefined, none);
  }
});

test('a configuration says what runtime listens there, then the name', () => {
  const shim = 'unix:///var/run/dockershim.sock';
  const at = (what: Location['what'], path: string): Location => ({ what, path, source: 'configured', by: 'a file' });
  assert.equal(runtimeOfEndpoint(shim, []), 'docker');
  assert.equal(runtimeOfEndpoint(shim, [at('containerd_socket', '/run/dockershim.sock')]), 'containerd');
  assert.equal(runtimeOfEndpoint('/run/r.sock', [at('crio_socket', '/run/r.sock')]), 'cri-o');
  assert.equal(runtimeOfEndpoint('/run/r.sock', [at('docker_socket', '/run/r.sock')]), undefined);
  assert.equal(runtimeOfEndpoint(undefined, []), undefined);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Evidence, intentOf, runtimesOf } from '../../../../exporter/node/probes/runtime-intent.ts';

const NONE: Evidence = { ofKubelet: undefined, enabled: [], seen: [], withContainers: new Set(), running: [] };

test('what says that a node uses a runtime', () => {
  const docker = (given: Partial<Evidence>, isNamed = false) => intentOf('docker', { ...NONE, ...given }, isNamed);
  assert.equal(docker({}), undefined);
  assert.equal(docker({ ofKubelet: 'docker' }), 'required');
  assert.equal(docker({ enabled: ['docker'] }), 'required');
  assert.equal(docker({ enabled: ['docker'], running: ['docker'] }), 'used');
  assert.equal(docker({ seen: ['docker'] }), 'used');
  assert.equal(docker({ withContainers: new Set(['docker']) }), 'used');
  assert.equal(docker({}, true), 'used');
  assert.equal(docker({ ofKubelet: 'containerd', enabled: ['cri-o'], seen: ['cri-o'] }), undefined);
  assert.equal(docker({ withContainers: new Set(['cri-o']) }), undefined);
});

test('the runtimes of processes', () => {
  const process = { pid: 1, startTime: 1 };
  assert.deepEqual(
    runtimesOf([
      { ...process, daemon: 'kubelet' },
      { ...process, daemon: 'dockerd' },
      { ...process, daemon: 'containerd' },
      { ...process, daemon: 'containerd' },
      { ...process, daemon: 'crio' },
    ]),
    ['docker', 'containerd', 'cri-o'],
  );
});

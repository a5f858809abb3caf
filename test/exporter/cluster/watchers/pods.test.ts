import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { ContainerStatus, KubePod } from '../../../../exporter/cluster/objects.ts';
import type { Change, Observer } from '../../../../exporter/cluster/watcher.ts';
import { pods } from '../../../../exporter/cluster/watchers/pods.ts';
import { changeOf } from '../changes.ts';
import { anyChange } from './any-object.ts';
import { replay, tell } from './replay-observer.ts';
import { rounded, valuesOf } from './samples.ts';

const START = 1795218600;

/** `seconds` after the start, by a clock that may be wrong. */
const time = (seconds: number) => new Date((START + seconds) * 1000).toISOString();

/** A container that runs since a moment, on a runtime whose ids differ in their last three digits. */
function running(startedAt: number, id = 0): ContainerStatus {
  const containerID = `containerd://228b20373${String(id).padStart(3, '0')}${'5'.repeat(52)}`;
  return { containerID, state: { running: { startedAt: time(startedAt) } } };
}

const waiting: ContainerStatus = { state: {} };

function pod(observer: Observer, type: Change['type'], at: number, containers?: readonly ContainerStatus[]): void {
  const status: KubePod['status'] = { phase: 'Pending', ...(containers && { containerStatuses: containers }) };
  const object = { metadata: { namespace: 'shop', name: 'web-0' }, spec: { nodeName: 'a' }, status };
  tell(observer, 'pods', changeOf(type, object, START + at));
}

function renewal(observer: Observer, at: number, renewedAt = at): void {
  const object = { metadata: { name: 'a' }, spec: { renewTime: time(renewedAt) } };
  tell(observer, 'leases', changeOf('modified', object, START + at));
}

/** An observer that knows node a, whose clock is behind ours by some seconds, and no pods. */
function started(behind = 0): Observer {
  const observer = pods.start();
  tell(observer, 'nodes', changeOf('listed', { metadata: { name: 'a' } }, START - 10));
  renewal(observer, -5, -5 - behind);
  return observer;
}

/** How many lags, and their sum. */
function lags(observer: Observer): [number, number] | undefined {
  const value = valuesOf(observer)['pod_status_lag_seconds{node="a"}'];
  if (typeof value !== 'object') return undefined;
  return [value.counts.reduce((sum, count) => sum + count), Math.round(value.sum * 1000) / 1000];
}

test('the recorded throttling: 33 containers that run for up to 98 s before the API knows', () => {
  const at = (until: number) => {
    const observer = pods.start();
    replay(observer, pods.resources, until);
    return rounded(valuesOf(observer)['pod_status_lag_seconds{node="node-a"}']);
  };
  // Evicted pods show no containers for a while, then those of long ago again.
  assert.deepEqual(at(1795219221), { counts: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0], sum: 0 });
  assert.deepEqual(at(1795219346), { counts: [0, 0, 0, 0, 0, 3, 13, 17, 0, 0], sum: 1912.744 });
  assert.deepEqual(at(Number.POSITIVE_INFINITY), { counts: [0, 1, 5, 0, 0, 3, 13, 24, 0, 0], sum: 2546.495 });
});

test('a container counts once, when it is first seen to run', () => {
  const observer = started();
  assert.deepEqual(lags(observer), [0, 0]);
  pod(observer, 'added', 0);
  pod(observer, 'modified', 1, [waiting]);
  pod(observer, 'modified', 7, [running(4)]);
  pod(observer, 'modified', 30, [running(4)]);
  pod(observer, 'modified', 40);
  pod(observer, 'modified', 50, [running(4)]);
  assert.deepEqual(lags(observer), [1, 3]);
});

test('the containers of a pod start one by one, and again', () => {
  const observer = started();
  pod(observer, 'added', 0);
  pod(observer, 'modified', 6, [running(4)]);
  pod(observer, 'modified', 7, [running(4), running(4, 1)]);
  pod(observer, 'modified', 62, [running(60, 2), running(4, 1)]);
  assert.deepEqual(lags(observer), [3, 7]);
});

test('init containers count too', () => {
  const observer = started();
  pod(observer, 'added', 0);
  const status = { initContainerStatuses: [running(2)] };
  const object = { metadata: { namespace: 'shop', name: 'web-0' }, spec: { nodeName: 'a' }, status };
  tell(observer, 'pods', changeOf('modified', object, START + 4));
  assert.deepEqual(lags(observer), [1, 2]);
});

test('what ran when it was first seen does not count, later neither', () => {
  for (const type of ['listed', 'added'] as const) {
    const observer = started();
    pod(observer, 'added', -1);
    pod(observer, type, 10, [running(5)]);
    pod(observer, 'modified', 20, [running(5)]);
    assert.deepEqual(lags(observer), [0, 0], type);
  }
});

test('what started before the exporter watched does not count', () => {
  const observer = started();
  pod(observer, 'listed', 0, [waiting]);
  pod(observer, 'modified', 5, [running(-3)]);
  assert.deepEqual(lags(observer), [0, 0]);
});

test('what started in a gap of the watch does not count', () => {
  const observer = started();
  pod(observer, 'added', 0);
  observer.interrupted?.('leases');
  pod(observer, 'modified', 12, [running(10)]);
  assert.deepEqual(lags(observer), [1, 2]);
  observer.interrupted?.('pods');
  pod(observer, 'modified', 100, [running(40, 1)]);
  pod(observer, 'modified', 100, [running(40, 1), running(50, 2)]);
  assert.deepEqual(lags(observer), [1, 2]);
  pod(observer, 'modified', 104, [running(40, 1), running(50, 2), running(101, 3)]);
  assert.deepEqual(lags(observer), [2, 5]);
});

test('the clock of the node may be wrong', () => {
  const observer = started(600);
  pod(observer, 'added', 0);
  pod(observer, 'modified', 12, [running(-590)]);
  assert.deepEqual(lags(observer), [1, 2]);
  const ahead = started(-600);
  pod(ahead, 'listed', 0, [waiting]);
  pod(ahead, 'modified', 12, [running(597)]);
  assert.deepEqual(lags(ahead), [0, 0]);
  pod(ahead, 'modified', 12, [running(613, 1)]);
  assert.deepEqual(lags(ahead), [1, 0]);
});

test('while the clock of the node is unknown nothing counts, later neither', () => {
  const observer = pods.start();
  tell(observer, 'nodes', changeOf('added', { metadata: { name: 'a' } }, START));
  pod(observer, 'added', 0);
  pod(observer, 'modified', 5, [running(3)]);
  renewal(observer, 10);
  pod(observer, 'modified', 60, [running(3)]);
  assert.deepEqual(lags(observer), [0, 0]);
  pod(observer, 'modified', 62, [running(3), running(61, 1)]);
  assert.deepEqual(lags(observer), [1, 1]);
});

test('a deleted node is gone, its pods bring it not back', () => {
  const observer = started();
  pod(observer, 'added', 0);
  pod(observer, 'modified', 5, [running(3)]);
  tell(observer, 'nodes', changeOf('deleted', { metadata: { name: 'a' } }, START + 6));
  assert.equal(lags(observer), undefined);
  pod(observer, 'modified', 9, [running(7, 1)]);
  assert.equal(lags(observer), undefined);
  tell(observer, 'nodes', changeOf('added', { metadata: { name: 'a' } }, START + 10));
  assert.deepEqual(lags(observer), [0, 0]);
});

test('a pod that crashes for ever counts each start', () => {
  const observer = started();
  pod(observer, 'added', 0);
  for (let id = 1; id <= 100; id += 1) {
    pod(observer, 'modified', id * 10, [running(id * 10 - 2, id), running(8, 999)]);
    pod(observer, 'modified', id * 10 + 1, [running(id * 10 - 2, id)]);
  }
  // The other container counts once, though every other status leaves it out.
  assert.deepEqual(lags(observer), [101, 202]);
});

test('a deleted pod is forgotten', () => {
  const observer = started();
  for (const type of ['added', 'modified', 'deleted', 'added', 'modified'] as const) {
    pod(observer, type, type === 'modified' ? 5 : 1, type === 'modified' ? [running(3)] : []);
  }
  assert.deepEqual(lags(observer), [2, 4]);
});

test('a pod of many containers', () => {
  const observer = started();
  pod(observer, 'added', 0);
  const many = Array.from({ length: 60 }, (_, id) => running(3, id));
  pod(observer, 'modified', 5, many);
  pod(observer, 'modified', 6, many.slice(0, 50));
  pod(observer, 'modified', 20, many);
  assert.deepEqual(lags(observer), [60, 120]);
});

test('objects of any shape', () => {
  const change = anyChange(
    ['spec', 'status', 'nodeName', 'renewTime', 'containerStatuses', 'containerID', 'state', 'running', 'startedAt'],
    ['a', 'b', time(0), time(10), running(0).containerID, [running(20), running(-4e9, 1), null, 7]],
  );
  const resource = fc.constantFrom('pods', 'leases', 'nodes');
  fc.assert(
    fc.property(fc.array(fc.tuple(resource, change), { maxLength: 20 }), (changes) => {
      const observer = started();
      for (const [resource, change] of changes) tell(observer, resource, change);
      for (const { value } of observer.samples((moment) => moment))
        assert.ok(typeof value === 'object' && value.sum >= 0);
    }),
  );
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { KubeEvent } from '../../../../exporter/cluster/objects.ts';
import type { Change, Observer } from '../../../../exporter/cluster/watcher.ts';
import { pulls } from '../../../../exporter/cluster/watchers/pulls.ts';
import { anyJsonText } from '../../../any-json.ts';
import { changeOf, eventChange, nodeChange, parsedObject, timeText } from '../changes.ts';
import { replay } from './replay-observer.ts';
import { valuesOf } from './samples.ts';

const PULLING = { reason: 'Pulling', message: 'Pulling image "nginx"' };
const PULLED = { reason: 'Pulled', message: 'Successfully pulled image "nginx" in 1.5s (21.5s including waiting)' };

/** An observer that knows node a. */
function start() {
  const observer = pulls.start();
  let uids = 0;
  observer.observe.nodes?.(nodeChange('listed', 'a'));
  const tell = (change: Change<'events'>) => observer.observe.events?.(change);
  const live = (event: KubeEvent, at = 0) => {
    uids += 1;
    tell(eventChange('added', `${uids}`, { ...event, lastTimestamp: timeText(Math.floor(at)) }, at));
  };
  const listed = (event: KubeEvent, toldAt: number, at: number) => {
    uids += 1;
    tell(eventChange('listed', `${uids}`, { ...event, lastTimestamp: timeText(toldAt) }, at));
  };
  /** How many are in flight, and since when. */
  const state = () => [valuesOf(observer)['image_pulls_in_flight{node="a"}'], oldestOf(observer)?.since];
  return { observer, tell, live, listed, state };
}

/** The oldest pull of the only node that has one. */
function oldestOf(observer: Observer) {
  const [oldest, ...others] = Object.entries(valuesOf(observer)).flatMap(([series, since]) => {
    const [, node, image] =
      /^image_pull_oldest_start_timestamp_seconds\{node="(.*)",image="(.*)"\}$/.exec(series) ?? [];
    return node === undefined ? [] : [{ node, image, since }];
  });
  assert.deepEqual(others, []);
  return oldest;
}

const container = (name: string) => ({ involvedObject: { uid: 'pod', fieldPath: `spec.containers{${name}}` } });

test('the recording: a pull that waits 37 s behind another', () => {
  const observerAt = (moment?: number) => {
    const observer = pulls.start();
    replay(observer, pulls.resources, moment);
    return observer;
  };
  const at = (moment?: number) => valuesOf(observerAt(moment));
  const oldest = (moment: number) => oldestOf(observerAt(moment));
  const state = (moment?: number) => {
    const observer = observerAt(moment);
    return [valuesOf(observer)['image_pulls_in_flight{node="node-a"}'], oldestOf(observer)?.since];
  };
  assert.deepEqual(state(1795218600), [0, undefined], 'the list has a pull and its failure in the same second');
  assert.deepEqual(state(1795218816.873), [1, 1795218816.872]);
  assert.deepEqual(state(1795218816.877), [0, undefined], 'it failed');
  assert.deepEqual(state(1795219368), [1, 1795219367.149]);
  assert.deepEqual(state(1795219371), [2, 1795219367.149]);
  assert.deepEqual(state(1795219407.6), [1, 1795219370.406]);
  assert.deepEqual(state(), [0, undefined]);
  assert.deepEqual(oldest(1795219371), {
    node: 'node-a',
    image: 'localhost:5000/slow/app:1',
    since: 1795219367.149,
  });
  assert.equal(oldest(1795219407.6)?.image, 'localhost:5000/fast/app:1');
  assert.deepEqual(at(1795219407)['image_pull_duration_seconds{node="node-a"}'], {
    counts: [0, 0, 0, 0, 0, 0, 0],
    sum: 0,
  });
  // 40.390766107 and 0.19786473; 40.390945168 − 40.390766107 and 37.379481952 − 0.19786473.
  assertDistribution(at()['image_pull_duration_seconds{node="node-a"}'], [1, 0, 1, 0, 0, 0, 0], 40.588630837);
  assertDistribution(at()['image_pull_wait_seconds{node="node-a"}'], [1, 0, 1, 0, 0, 0, 0], 37.181796283);
});

function assertDistribution(value: unknown, counts: readonly number[], sum: number): void {
  const distribution = value as { counts: number[]; sum: number };
  assert.deepEqual(distribution.counts, counts);
  assert.ok(Math.abs(distribution.sum - sum) < 1e-6, `${distribution.sum}`);
}

test('containers of one pod pull apart; volumes are told by their image', () => {
  const { live, state } = start();
  live({ ...PULLING, ...container('a') }, 100);
  live({ ...PULLING, ...container('b') }, 110);
  live({ ...PULLING, involvedObject: { uid: 'pod' } }, 120);
  live({ ...PULLING, involvedObject: { uid: 'pod' }, message: 'Pulling image "other"' }, 130);
  assert.deepEqual(state(), [4, 100]);
  live({ ...PULLED, ...container('a') }, 140);
  live({ ...PULLED, involvedObject: { uid: 'pod' } }, 140);
  assert.deepEqual(state(), [2, 110]);
});

test('the image is that of the oldest pull, by its message', () => {
  const pod = (uid: string) => ({ involvedObject: { uid, fieldPath: 'spec.containers{app}' } });
  const image = (name: string) => ({ reason: 'Pulling', message: `Pulling image "${name}"` });
  const { live, listed, observer } = start();
  const oldest = () => oldestOf(observer)?.image;
  listed({ ...image('listed'), ...pod('1') }, 100, 200);
  listed({ ...image('older'), ...pod('2') }, 90, 200);
  live({ ...image('l'.repeat(500)), ...pod('3') }, 210);
  live({ reason: 'Pulling', message: 'no one knows', ...pod('4') }, 220);
  assert.equal(oldest(), 'older');
  live({ ...PULLED, ...pod('2') }, 300);
  assert.equal(oldest(), 'listed');
  live({ ...PULLED, ...pod('1') }, 300);
  assert.equal(oldest(), 'l'.repeat(456));
  live({ ...PULLED, ...pod('3') }, 300);
  assert.equal(oldest(), '');
  live({ ...PULLED, ...pod('4') }, 300);
  assert.equal(oldest(), undefined);
});

test('a pull ends when it fails, backs off, or the image is there; a repeated one starts again', () => {
  const { live, state, tell, observer } = start();
  for (const end of [
    { reason: 'Failed', message: 'Failed to pull image "nginx": no' },
    { reason: 'BackOff', message: 'Back-off pulling image "nginx"' },
    { reason: 'Pulled', message: 'Container image "nginx" already present on machine' },
  ]) {
    live(PULLING, 100);
    assert.deepEqual(state(), [1, 100]);
    live(end, 101);
    assert.deepEqual(state(), [0, undefined], end.message);
  }
  tell(eventChange('modified', '1', { ...PULLING, count: 2 }, 200));
  assert.deepEqual(state(), [1, 200]);
  live({ reason: 'Created', message: 'Created container app' }, 201);
  tell(eventChange('deleted', '1', PULLING, 202));
  assert.deepEqual(state(), [1, 200], 'an event that expires ends nothing');
  assertDistribution(valuesOf(observer)['image_pull_duration_seconds{node="a"}'], [0, 0, 0, 0, 0, 0, 0], 0);
});

test('durations are those of pulls seen live, and of kubelets that tell the wait apart', () => {
  const { live, listed, tell, observer } = start();
  const values = () => valuesOf(observer);
  listed(PULLED, 90, 100);
  live({ ...PULLED, message: 'Successfully pulled image "nginx" in 5.12s' }, 110);
  live({ ...PULLED, message: 'Successfully pulled image "nginx"' }, 110);
  assertDistribution(values()['image_pull_wait_seconds{node="a"}'], [0, 0, 0, 0, 0, 0, 0], 0);
  tell(eventChange('added', 'x', PULLED, 120));
  tell(eventChange('modified', 'x', { ...PULLED, count: 2 }, 130));
  assertDistribution(values()['image_pull_wait_seconds{node="a"}'], [0, 0, 2, 0, 0, 0, 0], 40);
  assertDistribution(values()['image_pull_duration_seconds{node="a"}'], [0, 2, 0, 0, 0, 0, 0], 3);
});

test('of a list, in any order, the pulls without an end go on', () => {
  const pod = (uid: string) => ({ involvedObject: { uid, fieldPath: 'spec.containers{app}' } });
  const { listed, live, state, observer } = start();
  listed({ ...PULLED, ...pod('done') }, 905, 1000);
  listed({ ...PULLING, ...pod('done') }, 900, 1000);
  listed({ ...PULLING, ...pod('goes on') }, 950, 1000);
  listed({ ...PULLED, ...pod('goes on') }, 800, 1000);
  listed({ ...PULLING, ...pod('clock ahead') }, 1030, 1000);
  assert.deepEqual(state(), [2, 950]);
  live({ ...PULLING, ...pod('live') }, 1010);
  observer.interrupted?.('events');
  listed({ ...PULLING, ...pod('goes on') }, 950, 1100);
  listed({ ...PULLED, ...pod('clock ahead') }, 1060, 1100);
  listed({ ...PULLING, ...pod('live') }, 1010, 1100);
  listed({ ...PULLING, ...pod('again') }, 1080, 1100);
  assert.deepEqual(state(), [3, 950]);
  listed({ ...PULLED, ...pod('goes on') }, 1070, 1100);
  assert.deepEqual(state(), [2, 1010]);
});

test('a kubelet that starts has no pulls of before', () => {
  const starting = { reason: 'Starting', involvedObject: { kind: 'Node', name: 'a' } };
  const { live, listed, state } = start();
  live(PULLING, 100);
  live({ ...starting, source: { component: 'kube-proxy', host: 'a' } }, 110);
  assert.deepEqual(state(), [1, 100]);
  live({ ...starting, involvedObject: { kind: 'Node', name: 'b' } }, 110);
  assert.deepEqual(state(), [1, 100]);
  live(starting, 120);
  assert.deepEqual(state(), [0, undefined]);
  listed(starting, 500, 1000);
  listed({ ...PULLING, ...container('before') }, 490, 1000);
  listed({ ...PULLING, ...container('after') }, 510, 1000);
  listed(starting, 505, 1000);
  assert.deepEqual(state(), [1, 510]);
});

test('a pull is forgotten after an hour, and with its node', () => {
  const { observer, live, listed, state } = start();
  live(PULLING, 1000);
  observer.observe.nodes?.(nodeChange('modified', 'a', [], 4599));
  assert.deepEqual(state(), [1, 1000]);
  observer.observe.nodes?.(nodeChange('modified', 'a', [], 4600));
  assert.deepEqual(state(), [0, undefined]);
  listed(PULLING, 1000, 4600);
  assert.deepEqual(state(), [0, undefined]);
  live(PULLING, 5000);
  live(PULLED, 5001);
  live(PULLING, 5002);
  observer.observe.nodes?.(nodeChange('deleted', 'a'));
  assert.deepEqual(valuesOf(observer), {});
  observer.observe.nodes?.(nodeChange('added', 'a', [], 5010));
  assert.deepEqual(state(), [0, undefined]);
  assertDistribution(valuesOf(observer)['image_pull_wait_seconds{node="a"}'], [0, 0, 0, 0, 0, 0, 0], 0);
});

test('objects of any shape are taken', () => {
  const keys = [
    'metadata',
    'uid',
    'name',
    'reason',
    'message',
    'involvedObject',
    'source',
    'fieldPath',
    'lastTimestamp',
  ];
  fc.assert(
    fc.property(anyJsonText(...keys), fc.constantFrom('listed', 'added', 'modified', 'deleted'), (text, type) => {
      const { observer, state } = start();
      for (const extra of [{}, { reason: 'Pulled' }, { reason: 'Pulling', source: { host: 'a' } }]) {
        const object = { ...parsedObject(text), ...extra } as KubeEvent;
        observer.observe.events?.({ type, id: { name: 'e', uid: 'u' }, object, arrivedAt: 1, receivedAt: 1 });
      }
      assert.ok(Number(state()[0]) <= 2);
    }),
  );
});

test('a pod that is deleted waits for no image', () => {
  const { observer, live, state } = start();
  live({ ...PULLING, ...container('app') }, 10);
  live({ ...PULLING, involvedObject: { uid: 'pod2', fieldPath: 'spec.containers{app}' } }, 20);
  assert.deepEqual(state(), [2, 10]);
  observer.observe.pods?.(changeOf('deleted', { metadata: { name: 'p', uid: 'pod' } }, 30));
  assert.deepEqual(state(), [1, 20]);
});

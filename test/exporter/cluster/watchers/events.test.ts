import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { REASONS } from '../../../../exporter/cluster/events/event-reason.ts';
import type { KubeEvent } from '../../../../exporter/cluster/objects.ts';
import type { Change } from '../../../../exporter/cluster/watcher.ts';
import { events } from '../../../../exporter/cluster/watchers/events.ts';
import { anyJsonText } from '../../../any-json.ts';
import { eventChange, nodeChange, parsedObject, timeText } from '../changes.ts';
import { replay } from './replay-observer.ts';
import { valuesOf } from './samples.ts';

/** An observer that knows node a. */
function start() {
  const observer = events.start();
  const tell = (change: Change<'events'>) => observer.observe.events?.(change);
  observer.observe.nodes?.(nodeChange('listed', 'a'));
  const nonZero = () => valuesOf(observer, true);
  const count = (reason: string) => valuesOf(observer)[`node_events_total{node="a",reason="${reason}"}`];
  return { observer, tell, nonZero, count };
}

const SYSTEM_OOM = { reason: 'SystemOOM', involvedObject: { kind: 'Node', name: 'a' } };

// Counted with jq over the recording, as deltas of count by uid.
const AT_THE_END = {
  'node_events_total{node="node-a",reason="FreeDiskSpaceFailed"}': 1,
  'node_events_total{node="node-a",reason="InvalidDiskCapacity"}': 4,
  'node_events_total{node="node-a",reason="EvictionThresholdMet"}': 9,
  'node_events_total{node="node-a",reason="Evicted"}': 5,
  'node_events_total{node="node-a",reason="NodeHasDiskPressure"}': 1,
  'node_events_total{node="node-a",reason="NodeNotReady"}': 3,
  'node_events_total{node="node-a",reason="Starting"}': 4,
  'node_events_total{node="node-a",reason="FailedToPullImage"}': 6,
  'node_events_total{node="node-a",reason="ImagePullBackOff"}': 8,
  'image_gc_failures_total{node="node-a"}': 1,
  'image_gc_last_wanted_bytes{node="node-a"}': 179448368947,
  'image_gc_last_freed_bytes{node="node-a"}': 128906394,
};

test('the recording: evictions by their counts, and what image garbage collection wanted', () => {
  const at = (moment?: number) => {
    const observer = events.start();
    replay(observer, events.resources, moment);
    return valuesOf(observer, true);
  };
  assert.deepEqual(at(1795218600), {}, 'the events of the list are past');
  const before = at(1795219115.1);
  assert.equal(before['image_gc_failures_total{node="node-a"}'], undefined);
  assert.equal(before['image_gc_last_wanted_bytes{node="node-a"}'], undefined);
  assert.equal(at(1795219115.3)['image_gc_last_wanted_bytes{node="node-a"}'], 179448368947);
  assert.equal(at(1795219190)['node_events_total{node="node-a",reason="EvictionThresholdMet"}'], 6);
  assert.deepEqual(at(), AT_THE_END);
});

test('all reasons are 0 for a node where nothing happened', () => {
  const { observer } = start();
  const values = valuesOf(observer);
  assert.equal(values['node_events_total{node="a",reason="SandboxImageMissing"}'], 0);
  assert.equal(values['image_gc_failures_total{node="a"}'], 0);
  assert.deepEqual([...new Set(Object.values(values))], [0]);
  assert.equal(values['event_counts_capped_total{}'], 0);
  assert.equal(Object.keys(values).length, REASONS.length + 2);
});

test('occurrences are the differences of the count, or of the count of a series', () => {
  const { tell, count } = start();
  tell(eventChange('added', '1', { ...SYSTEM_OOM, count: 3 }));
  assert.equal(count('SystemOOM'), 3);
  tell(eventChange('modified', '1', { ...SYSTEM_OOM, count: 5 }));
  tell(eventChange('modified', '1', { ...SYSTEM_OOM, count: 5 }));
  assert.equal(count('SystemOOM'), 5);
  tell(eventChange('added', '2', { ...SYSTEM_OOM, count: 0, series: { count: 2 } }));
  tell(eventChange('modified', '2', { ...SYSTEM_OOM, count: 0, series: { count: 9 } }));
  assert.equal(count('SystemOOM'), 14);
  tell(eventChange('modified', 'never seen', { ...SYSTEM_OOM, count: 50 }));
  assert.equal(count('SystemOOM'), 15);
});

test('an event that its recorder created anew after an hour counts once', () => {
  const { tell, count } = start();
  const times = (seconds: number) => ({ firstTimestamp: timeText(1e9), lastTimestamp: timeText(1e9 + seconds) });
  tell(eventChange('added', '1', { ...SYSTEM_OOM, count: 7, ...times(3601) }));
  assert.equal(count('SystemOOM'), 1);
  tell(eventChange('added', '2', { ...SYSTEM_OOM, count: 7, ...times(600) }));
  assert.equal(count('SystemOOM'), 8);
});

test('a new list: what happened since the watch broke counts, what was before does not', () => {
  const { observer, tell, count } = start();
  const at = (seconds: number) => ({ ...SYSTEM_OOM, lastTimestamp: timeText(seconds) });
  tell(eventChange('listed', 'old', { ...at(900), count: 4 }, 1000));
  tell(eventChange('listed', 'late', at(990), 1000));
  assert.equal(count('SystemOOM'), 0);
  tell(eventChange('added', 'live', at(1010), 1010));
  assert.equal(count('SystemOOM'), 1);
  observer.interrupted?.('nodes');
  tell(eventChange('listed', 'an hour ago', at(1015), 1020));
  assert.equal(count('SystemOOM'), 1);
  observer.interrupted?.('events');
  tell(eventChange('listed', 'old', { ...at(1100), count: 6 }, 1200));
  tell(eventChange('listed', 'live', at(1010), 1200));
  tell(eventChange('listed', 'before', at(1020), 1200));
  assert.equal(count('SystemOOM'), 3);
  tell(eventChange('listed', 'unseen', { ...at(1150), count: 2 }, 1200));
  assert.equal(count('SystemOOM'), 5);
  tell(eventChange('listed', 'without a time', SYSTEM_OOM, 1200));
  assert.equal(count('SystemOOM'), 5);
});

test('messages tell apart what the reason does not', () => {
  const { tell, nonZero } = start();
  const said: [string, string][] = [
    ['Failed', 'Failed to pull image "x": rpc error: code = NotFound'],
    ['Failed', 'Error: ErrImagePull'],
    ['Failed', 'Error: ImagePullBackOff'],
    ['Failed', '(combined from similar events): Error: failed to create containerd task'],
    ['BackOff', 'Back-off pulling image "x"'],
    ['BackOff', 'Back-off restarting failed container app in pod p_n(u)'],
    [
      'FailedCreatePodSandBox',
      'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to get sandbox image "k8s.gcr.io/pause:3.1"',
    ],
    [
      'FailedCreatePodSandBox',
      'Failed create pod sandbox: rpc error: code = Unknown desc = failed pulling image "k8s.gcr.io/pause:3.2": x',
    ],
    [
      'FailedCreatePodSandBox',
      'Failed to create pod sandbox: error creating pod sandbox with name "k8s_p": initializing source docker://p:1',
    ],
    ['FailedCreatePodSandBox', 'Failed to create pod sandbox: rpc error: code = Unavailable desc = connection error'],
    ['ErrImageNeverPull', 'Container image "x" is not present with pull policy of Never'],
    ['Failed', 'Error: ErrImageNeverPull'],
    ['Pulled', 'Successfully pulled image "x"'],
    ['constructor', ''],
  ];
  for (const [index, [reason, message]] of said.entries()) tell(eventChange('added', `${index}`, { reason, message }));
  assert.deepEqual(nonZero(), {
    'node_events_total{node="a",reason="FailedToPullImage"}': 1,
    'node_events_total{node="a",reason="Failed"}': 1,
    'node_events_total{node="a",reason="ImagePullBackOff"}': 1,
    'node_events_total{node="a",reason="BackOff"}': 1,
    'node_events_total{node="a",reason="SandboxImageMissing"}': 3,
    'node_events_total{node="a",reason="FailedCreatePodSandBox"}': 1,
    'node_events_total{node="a",reason="ErrImageNeverPull"}': 1,
  });
});

test('the node is the object, the host of the source or the reporting instance; others do not count', () => {
  const { tell, count, nonZero } = start();
  const evicted = { reason: 'Evicted' };
  tell(eventChange('added', '1', evicted));
  tell(eventChange('added', '2', { ...evicted, source: {}, reportingInstance: 'a' }));
  tell(eventChange('added', '3', { ...evicted, source: {}, reportingInstance: '' }));
  tell(eventChange('added', '4', { ...evicted, source: { host: 'b' } }));
  tell(eventChange('added', '5', { ...evicted, involvedObject: { kind: 'Node', name: 'a' }, source: {} }));
  assert.equal(count('Evicted'), 3);
  tell(eventChange('added', '6', { reason: 'Starting', source: { component: 'kube-proxy', host: 'a' } }));
  assert.equal(count('Starting'), 0);
  tell(
    eventChange('added', '7', {
      reason: 'Starting',
      source: {},
      reportingComponent: 'kubelet',
      reportingInstance: 'a',
    }),
  );
  assert.equal(count('Starting'), 1);
  assert.ok(!Object.keys(nonZero()).some((name) => name.includes('"b"')));
});

test('what a kubelet tells before its node exists is kept for it; a deleted node loses all', () => {
  const { observer, tell } = start();
  tell(eventChange('added', '1', { ...SYSTEM_OOM, involvedObject: { kind: 'Node', name: 'b' } }));
  observer.observe.nodes?.(nodeChange('added', 'b'));
  const name = 'node_events_total{node="b",reason="SystemOOM"}';
  assert.equal(valuesOf(observer)[name], 1);
  observer.observe.nodes?.(nodeChange('modified', 'b'));
  assert.equal(valuesOf(observer)[name], 1);
  observer.observe.nodes?.(nodeChange('deleted', 'b'));
  assert.equal(valuesOf(observer)[name], undefined);
  observer.observe.nodes?.(nodeChange('added', 'b'));
  assert.equal(valuesOf(observer)[name], 0);
});

test('a failed image garbage collection told twice counts once, and its bytes are those of the latest', () => {
  const { observer, tell } = start();
  const text =
    'failed to garbage collect required amount of images. Wanted to free 8094471782 bytes, but freed 0 bytes';
  const said = (reason: string, message: string, seconds: number) => ({
    reason,
    message,
    lastTimestamp: timeText(seconds),
  });
  const gc = () =>
    ['failures_total', 'last_wanted_bytes', 'last_freed_bytes'].map(
      (name) => valuesOf(observer)[`image_gc_${name}{node="a"}`],
    );
  tell(eventChange('listed', '1', said('FreeDiskSpaceFailed', text.replace('freed 0', 'freed 7'), 1000)));
  tell(eventChange('listed', '0', said('FreeDiskSpaceFailed', text.replace('freed 0', 'freed 6'), 990)));
  assert.deepEqual(gc(), [0, 8094471782, 7]);
  tell(eventChange('added', '2', said('FreeDiskSpaceFailed', text, 2000)));
  tell(eventChange('added', '3', said('ImageGCFailed', text, 2000)));
  assert.deepEqual(gc(), [1, 8094471782, 0]);
  const errors =
    'wanted to free 311382016 bytes, but freed 573253440 bytes space with errors in image deletion: [rpc error]';
  tell(eventChange('added', '4', said('ImageGCFailed', errors, 2300)));
  assert.deepEqual(gc(), [2, 311382016, 573253440]);
  tell(eventChange('added', '5', said('ImageGCFailed', 'failed to get image stats: deadline exceeded', 2600)));
  assert.deepEqual(gc(), [3, 311382016, 573253440]);
  const newest =
    "Insufficient free disk space on the node's image filesystem (88% of 26.4 GiB used). Failed to free sufficient space by deleting unused images (freed 385820817 bytes). Investigate disk usage";
  tell(eventChange('added', '6', said('FreeDiskSpaceFailed', newest, 2900)));
  assert.deepEqual(gc(), [4, undefined, 385820817]);
});

test('objects of any shape are taken', () => {
  const keys = ['metadata', 'uid', 'name', 'reason', 'message', 'involvedObject', 'source', 'count', 'series', 'host'];
  fc.assert(
    fc.property(anyJsonText(...keys), fc.constantFrom('listed', 'added', 'modified', 'deleted'), (text, type) => {
      const { observer } = start();
      const id = { name: 'a', uid: 'u' };
      for (const extra of [{}, { reason: 'ImageGCFailed' }, { reason: 'Failed', metadata: { uid: 'u' } }]) {
        const object = { ...parsedObject(text), ...extra } as KubeEvent;
        observer.observe.events?.({ type, id, object, arrivedAt: 1, receivedAt: 1 });
        observer.observe.nodes?.({ type, id, object: object as never, arrivedAt: 1, receivedAt: 1 });
      }
      for (const value of Object.values(valuesOf(observer))) assert.ok(typeof value === 'number' && value >= 0);
    }),
  );
});

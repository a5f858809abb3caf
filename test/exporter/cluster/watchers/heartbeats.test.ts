import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { KubeNode } from '../../../../exporter/cluster/objects.ts';
import type { Change, Observer } from '../../../../exporter/cluster/watcher.ts';
import { heartbeats } from '../../../../exporter/cluster/watchers/heartbeats.ts';
import { changeOf } from '../changes.ts';
import { anyChange } from './any-object.ts';
import { replay, tell } from './replay-observer.ts';
import { rounded, valuesOf } from './samples.ts';

const START = 1795218600;

/** `seconds` after the start, by a clock that may be wrong. */
const time = (seconds: number) => new Date((START + seconds) * 1000).toISOString();

function lease(observer: Observer, type: Change['type'], at: number, renewedAt = at, name = 'a'): void {
  const object = { metadata: { name }, spec: { renewTime: time(renewedAt) } };
  tell(observer, 'leases', changeOf(type, object, START + at));
}

/** A node whose kubelet computed its status at `heartbeat`; `others` wrote at another time. */
function node(
  observer: Observer,
  type: Change['type'],
  at: number,
  heartbeat: number,
  managedFields: readonly object[] = [{ manager: 'kubelet', subresource: 'status', time: time(heartbeat) }],
  more: KubeNode['status'] = {},
): void {
  const conditions = [{ type: 'Ready', status: 'True', lastHeartbeatTime: time(heartbeat) }];
  const object = { metadata: { name: 'a', managedFields }, status: { conditions, ...more } };
  tell(observer, 'nodes', changeOf(type, object, START + at));
}

/** Values of node a by metric, moments relative to the start. */
function values(observer: Observer): Record<string, unknown> {
  const relative = (name: string, value: unknown) => (name.includes('_timestamp_') ? (value as number) - START : value);
  return Object.fromEntries(
    Object.entries(valuesOf(observer)).map(([key, value]) => {
      const name = key.replace(/^kubelet_(.*)_seconds\{node="a"\}$/, '$1');
      return [name, relative(key, rounded(value))];
    }),
  );
}

/** A histogram of the intervals between renewals; `counts` of its first buckets. */
const intervals = (sum: number, ...counts: number[]) => {
  return { counts: [...counts, ...new Array<number>(9 - counts.length).fill(0)], sum };
};

test('the recorded freeze: 101.7 s without a renewal, and nothing from the kubelet', () => {
  const at = (until: number) => {
    const observer = heartbeats.start();
    replay(observer, heartbeats.resources, until);
    return Object.fromEntries(
      Object.entries(valuesOf(observer)).map(([key, value]) => [
        key.replace(/^kubelet_(.*)\{node="node-a"\}$/, '$1'),
        rounded(value),
      ]),
    );
  };
  // The controller's patch to Unknown came at 1795218691.262; the list had the kubelet's of 23:47:24.
  assert.deepEqual(at(1795218700), {
    lease_renew_timestamp_seconds: 1795218647.014,
    lease_renew_interval_seconds: intervals(50.828, 5),
    status_patch_timestamp_seconds: 1795218444,
    status_patch_interval_seconds: intervals(0),
  });
  assert.deepEqual(at(1795218749), {
    lease_renew_timestamp_seconds: 1795218748.717,
    lease_renew_interval_seconds: intervals(152.531, 5, 0, 0, 0, 0, 0, 1),
    status_patch_timestamp_seconds: 1795218748.751,
    status_patch_interval_seconds: intervals(0),
    status_patch_lag_seconds: 0.747,
  });
  assert.deepEqual(at(1795219200), {
    lease_renew_timestamp_seconds: 1795219199.176,
    lease_renew_interval_seconds: intervals(602.99, 50, 0, 0, 0, 0, 0, 1),
    status_patch_timestamp_seconds: 1795219168.926,
    status_patch_interval_seconds: intervals(420.175, 1, 1, 1, 0, 1, 0, 1),
    status_patch_lag_seconds: 0.923,
  });
  assert.deepEqual(at(Number.POSITIVE_INFINITY), {
    lease_renew_timestamp_seconds: 1795219703.092,
    lease_renew_interval_seconds: intervals(1106.906, 101, 0, 0, 0, 0, 0, 1),
    status_patch_timestamp_seconds: 1795219438.121,
    status_patch_interval_seconds: intervals(689.37, 2, 1, 1, 0, 4, 0, 1),
    status_patch_lag_seconds: 0.118,
  });
});

test('a node that was dead when it was listed shows its old renewal, and one from the future that of the list', () => {
  const observer = heartbeats.start();
  node(observer, 'listed', 0, -3600);
  lease(observer, 'listed', 0, -3600);
  assert.deepEqual(values(observer), {
    lease_renew_timestamp: -3600,
    lease_renew_interval: intervals(0),
    status_patch_timestamp: -3600,
    status_patch_interval: intervals(0),
  });
  const ahead = heartbeats.start();
  node(ahead, 'listed', 0, 500);
  lease(ahead, 'listed', 0, 500);
  assert.equal(values(ahead).lease_renew_timestamp, 0);
  assert.equal(values(ahead).status_patch_timestamp, 0);
});

for (const step of [-3600, 3600]) {
  test(`our clock is set by ${step} s: no interval, lag or age changes`, () => {
    const observer = heartbeats.start();
    /** Renewals every 10 s, and a patch that takes 2 s; from the step on, our clock is off by as much. */
    for (let at = 0; at <= 60; at += 10) {
      const receivedAt = START + at + (at < 30 ? 0 : step);
      const spec = { renewTime: time(at) };
      tell(observer, 'leases', changeOf('modified', { metadata: { name: 'a' }, spec }, at, receivedAt));
      const conditions = [{ type: 'Ready', status: 'True', lastHeartbeatTime: time(at - 2) }];
      tell(
        observer,
        'nodes',
        changeOf('modified', { metadata: { name: 'a' }, status: { conditions } }, at, receivedAt),
      );
    }
    const found = Object.fromEntries(
      // As the clock makes Unix time of its moments after the step.
      [...observer.samples((moment) => START + step + moment)].map(({ metric, value }) => [
        metric.name,
        rounded(value),
      ]),
    );
    assert.deepEqual(found, {
      foreshock_kubelet_lease_renew_timestamp_seconds: START + step + 60,
      foreshock_kubelet_lease_renew_interval_seconds: intervals(60, 6),
      foreshock_kubelet_status_patch_timestamp_seconds: START + step + 60,
      foreshock_kubelet_status_patch_interval_seconds: intervals(60, 6),
      foreshock_kubelet_status_patch_lag_seconds: 2,
    });
  });
}

test('intervals and ages are those of our clock, whatever that of the node says', () => {
  const observer = heartbeats.start();
  node(observer, 'listed', 0, -1000);
  lease(observer, 'listed', 0, -1000);
  lease(observer, 'modified', 10, -990);
  lease(observer, 'modified', 20.5, -980);
  const { lease_renew_interval, lease_renew_timestamp } = values(observer);
  assert.deepEqual([lease_renew_interval, lease_renew_timestamp], [intervals(10.5, 1), 20.5]);
});

test('the same renewTime again is no renewal', () => {
  const observer = heartbeats.start();
  node(observer, 'listed', 0, 0);
  lease(observer, 'added', 0);
  lease(observer, 'modified', 30, 0);
  assert.equal(values(observer).lease_renew_timestamp, 0);
  lease(observer, 'modified', 40);
  assert.deepEqual(values(observer).lease_renew_interval, intervals(40, 0, 0, 0, 0, 1));
});

test('no interval across a gap of the watch, resumed or listed anew', () => {
  const observer = heartbeats.start();
  node(observer, 'added', 0, 0);
  lease(observer, 'added', 0);
  lease(observer, 'modified', 10);
  observer.interrupted?.('leases');
  observer.interrupted?.('nodes');
  lease(observer, 'modified', 200);
  node(observer, 'modified', 200, 150);
  assert.deepEqual(values(observer), {
    lease_renew_timestamp: 200,
    lease_renew_interval: intervals(10, 1),
    status_patch_timestamp: 200,
    status_patch_interval: intervals(0),
  });
  lease(observer, 'modified', 210);
  node(observer, 'modified', 260, 260);
  observer.interrupted?.('leases');
  observer.interrupted?.('nodes');
  lease(observer, 'listed', 400, 390);
  node(observer, 'listed', 400, 380);
  lease(observer, 'modified', 410);
  node(observer, 'modified', 420, 420);
  assert.deepEqual(values(observer), {
    lease_renew_timestamp: 410,
    lease_renew_interval: intervals(20, 2),
    status_patch_timestamp: 420,
    status_patch_interval: intervals(60, 0, 0, 0, 1),
    status_patch_lag: 0,
  });
});

test('a list never takes a timestamp back', () => {
  const observer = heartbeats.start();
  node(observer, 'added', 0, 0);
  lease(observer, 'modified', 0, -60);
  observer.interrupted?.('leases');
  lease(observer, 'listed', 20, -50);
  // The clock of the node is 60 s late, which is known by then.
  assert.equal(values(observer).lease_renew_timestamp, 10);
  lease(observer, 'listed', 30, -70);
  assert.equal(values(observer).lease_renew_timestamp, 10);
});

test('patches of others do not count', () => {
  const observer = heartbeats.start();
  const kubelet = { manager: 'kubelet', subresource: 'status', time: time(0) };
  node(observer, 'added', 0, 0, [kubelet]);
  node(observer, 'modified', 60, 0, [kubelet, { manager: 'kubectl', operation: 'Update', time: time(60) }]);
  const controller = { manager: 'kube-controller-manager', subresource: 'status', time: time(70) };
  node(observer, 'modified', 70, 0, [kubelet, controller]);
  // The kubelet's labels, not its status.
  node(observer, 'modified', 80, 0, [kubelet, { manager: 'kubelet', operation: 'Update', time: time(80) }]);
  const detector = { type: 'KernelDeadlock', status: 'False', lastHeartbeatTime: time(90) };
  node(observer, 'modified', 90, 0, [kubelet], {
    conditions: [detector, { type: 'Ready', status: 'True', lastHeartbeatTime: time(0) }],
  });
  assert.equal(values(observer).status_patch_timestamp, 0);
  node(observer, 'modified', 300, 300, [{ ...kubelet, time: time(300) }]);
  assert.deepEqual(values(observer).status_patch_interval, intervals(300, 0, 0, 0, 0, 0, 0, 1));
});

test('kubelets of older servers: entries without a subresource, and none at all', () => {
  const before122 = heartbeats.start();
  node(before122, 'added', 0, 0, [{ manager: 'kubelet', operation: 'Update', time: time(0) }]);
  node(before122, 'modified', 10, 10, [{ manager: 'kubelet', operation: 'Update', time: time(10) }]);
  assert.deepEqual(values(before122).status_patch_interval, intervals(10, 1));
  const before118 = heartbeats.start();
  node(before118, 'added', 0, 0, []);
  node(before118, 'modified', 5, 0, []);
  node(before118, 'modified', 65, 60, []);
  assert.deepEqual(values(before118).status_patch_interval, intervals(65, 0, 0, 0, 0, 1));
});

test('the lag is free of the difference between the clocks, and never negative', () => {
  const slow = heartbeats.start();
  node(slow, 'listed', 0, -600);
  lease(slow, 'listed', 0, -600);
  lease(slow, 'modified', 10.25, -590);
  lease(slow, 'modified', 20.5, -580);
  node(slow, 'modified', 90.25, -575);
  // Difference 600.25 s: computed at 25.25.
  assert.equal(values(slow).status_patch_lag, 65);
  const fast = heartbeats.start();
  node(fast, 'listed', 0, 0);
  node(fast, 'modified', 10, 20);
  assert.equal(values(fast).status_patch_lag, undefined, 'its clock is not known yet');
  lease(fast, 'modified', 15, 15);
  node(fast, 'modified', 30, 40);
  assert.equal(values(fast).status_patch_lag, 0);
});

test('a clock that is set back is learnt anew', () => {
  const observer = heartbeats.start();
  node(observer, 'listed', 0, 0);
  lease(observer, 'added', 0, 100);
  lease(observer, 'modified', 10, 0);
  lease(observer, 'modified', 20, 10);
  node(observer, 'modified', 25, 12);
  assert.deepEqual(values(observer).lease_renew_interval, intervals(20, 2));
  assert.equal(values(observer).status_patch_lag, 3);
});

test('a deleted node is gone, even while its kubelet goes on to renew', () => {
  const observer = heartbeats.start();
  lease(observer, 'listed', 0);
  assert.deepEqual(values(observer), {});
  node(observer, 'listed', 0, 0);
  assert.equal(values(observer).lease_renew_timestamp, 0);
  tell(observer, 'nodes', changeOf('deleted', { metadata: { name: 'a' } }, START + 5));
  assert.deepEqual(values(observer), {});
  lease(observer, 'modified', 10);
  assert.deepEqual(values(observer), {});
  tell(observer, 'leases', changeOf('deleted', { metadata: { name: 'a' } }, START + 15));
  node(observer, 'added', 20, 20);
  assert.deepEqual(Object.keys(values(observer)), [
    'lease_renew_interval',
    'status_patch_timestamp',
    'status_patch_interval',
  ]);
});

test('a node that comes back begins anew', () => {
  const observer = heartbeats.start();
  node(observer, 'added', 0, 0);
  lease(observer, 'added', 0);
  tell(observer, 'nodes', changeOf('deleted', { metadata: { name: 'a' } }, START + 5));
  node(observer, 'added', 490, 490);
  lease(observer, 'modified', 500);
  assert.deepEqual(values(observer).lease_renew_interval, intervals(0));
});

test('a node that stops keeps its last timestamps', () => {
  const observer = heartbeats.start();
  node(observer, 'added', 0, 0);
  lease(observer, 'added', 0);
  lease(observer, 'added', 7200, 7200, 'b');
  assert.equal(values(observer).lease_renew_timestamp, 0);
});

test('objects of any shape', () => {
  const change = anyChange(
    ['spec', 'status', 'renewTime', 'conditions', 'type', 'lastHeartbeatTime', 'managedFields', 'manager', 'time'],
    [time(0), time(-4e9), 'kubelet', 'Ready'],
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.boolean(), change), { maxLength: 20 }), (changes) => {
      const observer = heartbeats.start();
      for (const [ofLease, change] of changes) tell(observer, ofLease ? 'leases' : 'nodes', change);
      for (const { value } of observer.samples((moment) => moment)) {
        assert.ok(typeof value === 'object' ? value.sum >= 0 : value >= 0 && value <= 2e9);
      }
    }),
  );
});

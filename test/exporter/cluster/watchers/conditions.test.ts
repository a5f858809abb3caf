import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { NodeCondition } from '../../../../exporter/cluster/objects.ts';
import type { Change, Observer } from '../../../../exporter/cluster/watcher.ts';
import { conditions } from '../../../../exporter/cluster/watchers/conditions.ts';
import { changeOf } from '../changes.ts';
import { anyChange } from './any-object.ts';
import { replay, tell } from './replay-observer.ts';
import { valuesOf } from './samples.ts';

function node(observer: Observer, type: Change['type'], ...conditions: NodeCondition[]): void {
  tell(observer, 'nodes', changeOf(type, { metadata: { name: 'a' }, status: { conditions } }));
}

const ready = (status: string, minute = 0): NodeCondition => {
  return { type: 'Ready', status, lastTransitionTime: `2026-11-20T23:${String(minute).padStart(2, '0')}:00Z` };
};

/** The counters that are not 0, as `Ready True`. */
function counted(observer: Observer): Record<string, unknown> {
  const counters = Object.entries(valuesOf(observer)).filter(([, value]) => value !== 0);
  return Object.fromEntries(
    counters.map(([key, value]) => [key.replace(/^.*condition="(\w+)",status="(\w+)"}$/, '$1 $2'), value]),
  );
}

test('the recorded transitions, the controller to Unknown and two within a second among them', () => {
  const at = (until: number) => {
    const observer = conditions.start();
    replay(observer, conditions.resources, until);
    assert.equal(Object.keys(valuesOf(observer)).length, 12);
    return counted(observer);
  };
  assert.deepEqual(at(1795218691.2), {});
  const toUnknown = {
    'Ready Unknown': 1,
    'DiskPressure Unknown': 1,
    'MemoryPressure Unknown': 1,
    'PIDPressure Unknown': 1,
  };
  assert.deepEqual(at(1795218700), toUnknown);
  const andBack = { 'Ready True': 1, 'DiskPressure False': 1, 'MemoryPressure False': 1, 'PIDPressure False': 1 };
  assert.deepEqual(at(1795218760), { ...toUnknown, ...andBack });
  assert.deepEqual(at(Number.POSITIVE_INFINITY), {
    ...toUnknown,
    ...andBack,
    'Ready True': 3,
    'Ready False': 2,
    'DiskPressure True': 1,
    'DiskPressure False': 2,
  });
});

test('the first sight of a condition is no transition, and all statuses begin with 0', () => {
  const observer = conditions.start();
  node(observer, 'listed', ready('False'));
  assert.deepEqual(counted(observer), {});
  assert.equal(
    valuesOf(observer)['node_condition_transitions_total{node="a",condition="PIDPressure",status="True"}'],
    0,
  );
  node(observer, 'modified', ready('False'), { type: 'PIDPressure', status: 'True' });
  assert.deepEqual(counted(observer), {});
});

test('a flap that was not seen counts once', () => {
  const observer = conditions.start();
  node(observer, 'listed', ready('True', 1));
  node(observer, 'modified', ready('True', 1));
  assert.deepEqual(counted(observer), {});
  node(observer, 'modified', ready('True', 5));
  assert.deepEqual(counted(observer), { 'Ready True': 1 });
  node(observer, 'modified', ready('True', 3));
  assert.deepEqual(counted(observer), { 'Ready True': 1 });
});

test('what differs after a gap happened, once', () => {
  const observer = conditions.start();
  node(observer, 'listed', ready('True', 1));
  observer.interrupted?.('nodes');
  node(observer, 'listed', ready('Unknown', 20));
  assert.deepEqual(counted(observer), { 'Ready Unknown': 1 });
});

test('a condition that is left out for a while is the same afterwards', () => {
  const observer = conditions.start();
  node(observer, 'added', ready('True', 1));
  node(observer, 'modified');
  node(observer, 'modified', { type: 'Ready' }, ready('Perhaps', 2), { type: 'KernelDeadlock', status: 'True' });
  node(observer, 'modified', ready('True', 1));
  assert.deepEqual(counted(observer), {});
  node(observer, 'modified', { type: 'Ready', status: 'False' });
  node(observer, 'modified', { type: 'Ready', status: 'False' });
  assert.deepEqual(counted(observer), { 'Ready False': 1 });
});

test('a deleted node is forgotten: its name may come back', () => {
  const observer = conditions.start();
  node(observer, 'added', ready('True'));
  node(observer, 'modified', ready('False'));
  node(observer, 'deleted');
  assert.deepEqual(valuesOf(observer), {});
  node(observer, 'added', ready('True', 9));
  assert.deepEqual(counted(observer), {});
});

test('objects of any shape', () => {
  const change = anyChange(
    ['status', 'conditions', 'type', 'lastTransitionTime'],
    ['Ready', 'DiskPressure', 'True', 'False', '2026-11-20T23:00:00Z'],
  );
  fc.assert(
    fc.property(fc.array(change, { maxLength: 20 }), (changes) => {
      const observer = conditions.start();
      for (const change of changes) tell(observer, 'nodes', change);
      const values = [...observer.samples((moment) => moment)].map(({ value }) => value);
      assert.ok(values.length % 12 === 0 && values.length <= 24);
      assert.ok(values.every((value) => Number.isInteger(value)));
    }),
  );
});

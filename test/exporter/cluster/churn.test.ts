import assert from 'node:assert/strict';
import { test } from 'node:test';
import { getHeapSnapshot } from 'node:v8';
import { pino } from 'pino';
import { Delivery } from '../../../exporter/cluster/api/delivery.ts';
import type { Resource } from '../../../exporter/cluster/objects.ts';
import { watchers } from '../../../exporter/cluster/watchers/index.ts';
import { timeText } from './changes.ts';

const RESOURCES: readonly Resource[] = ['nodes', 'leases', 'pods', 'events'];
const GENERATIONS = 2000;
/** Names of objects that come and go; the source of this file does not match. */
const NAME = /gone-by-\d{5}/g;

/** As the API server sends it: all its strings are new ones. */
function sent(object: object): object {
  return JSON.parse(JSON.stringify(object));
}

/** A node, its lease, a pod that starts there a second later and events about it, at so many seconds. */
function objects(name: string, seconds: number): [resource: Resource, object: object][] {
  const metadata = (suffix: string) => ({
    namespace: `ns-${name}`,
    name: `${name}-${suffix}`,
    uid: `${name}-${suffix}`,
  });
  const at = timeText(1_800_000_000 + seconds);
  const startedAt = timeText(1_800_000_001 + seconds);
  const event = (suffix: string, reason: string, message: string) => ({
    metadata: metadata(suffix),
    involvedObject: { kind: 'Pod', name, uid: `${name}-pod`, fieldPath: `spec.containers{${name}}` },
    source: { component: 'kubelet', host: name },
    reason,
    message,
    lastTimestamp: at,
    count: 3,
  });
  const conditions = [{ type: 'Ready', status: 'True', lastHeartbeatTime: at, lastTransitionTime: at }];
  const containerStatuses = [
    { image: 'a:1', containerID: `containerd://${'a'.repeat(64)}`, state: { running: { startedAt } } },
  ];
  return [
    ['nodes', { metadata: { name, uid: name }, status: { conditions, images: [{ names: ['a:1'], sizeBytes: 1 }] } }],
    ['leases', { metadata: { name, uid: name }, spec: { renewTime: at } }],
    ['pods', { metadata: metadata('pod'), spec: { nodeName: name }, status: { phase: 'Running', containerStatuses } }],
    ['events', event('pulling', 'Pulling', `Pulling image "${name}/app:1" ${name.repeat(10)}`)],
    ['events', event('failed', 'Failed', `Failed to pull image "${name}/other:1": ${name}`)],
    ['events', event('oom', 'SystemOOM', name)],
  ];
}

/** Names of this test that are somewhere on the heap. */
async function namesOnHeap(): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  let rest = '';
  for await (const chunk of getHeapSnapshot().setEncoding('utf8')) {
    const text = rest + chunk;
    for (const [name] of text.matchAll(NAME)) found.add(name);
    rest = text.slice(-20);
  }
  return found;
}

test('of nodes, leases, pods and events that have come and gone, the watchers keep nothing', async () => {
  const observers = new Map(watchers.map((watcher) => [watcher.name, watcher.start()]));
  const log = pino({ level: 'silent' });
  const deliveries = new Map(RESOURCES.map((resource) => [resource, new Delivery(resource, observers, log)]));
  const tell = (type: 'added' | 'modified' | 'deleted', [resource, object]: [Resource, object], arrivedAt: number) =>
    deliveries.get(resource)?.changed(type, sent(object), { arrivedAt, receivedAt: arrivedAt });
  const samples = () => [...observers.values()].flatMap((observer) => [...observer.samples((moment) => moment)]).length;
  const baseline = samples();
  let mostSamples = 0;
  for (let generation = 0; generation < GENERATIONS; generation += 1) {
    const all = objects(`gone-by-${String(generation).padStart(5, '0')}`, generation);
    for (const object of all) tell('added', object, generation);
    for (const object of all) tell('modified', object, generation + 0.5);
    if (generation === 0) {
      mostSamples = samples();
      assert.ok((await namesOnHeap()).has('gone-by-00000'));
    }
    for (const object of all.reverse()) tell('deleted', object, generation + 0.7);
  }
  assert.ok(mostSamples > baseline);
  assert.equal(samples(), baseline);
  // The engine itself keeps the last text that a pattern was looked for in.
  const kept = await namesOnHeap();
  assert.ok(kept.size < 10, `${kept.size} names, ${[...kept].slice(0, 3)} among them`);
});

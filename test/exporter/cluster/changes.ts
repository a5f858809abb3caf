import assert from 'node:assert/strict';
import { identify } from '../../../exporter/cluster/identity.ts';
import type { KubeEvent, Objects, Resource } from '../../../exporter/cluster/objects.ts';
import type { Change } from '../../../exporter/cluster/watcher.ts';

/** A change of an object as the API sends it, which has a name. Without a step of the clock, both times are the same. */
export function changeOf<Name extends Resource>(
  type: Change['type'],
  object: object,
  arrivedAt = 0,
  receivedAt = arrivedAt,
): Change<Name> {
  const id = identify(object);
  assert.ok(id);
  return { type, id, object: object as Objects[Name], arrivedAt, receivedAt };
}

/** A change of a node, which is ready unless `ready` says otherwise. */
export function nodeChange(
  type: Change['type'],
  name: string,
  images?: unknown,
  receivedAt = 0,
  ready = 'True',
): Change<'nodes'> {
  const conditions = [{ type: 'Ready', status: ready }];
  return changeOf(type, { metadata: { name }, status: { images, conditions } }, receivedAt);
}

/** Seconds of Unix time as the API writes them. */
export function timeText(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000', '');
}

/** A change of an event that a kubelet sent about a pod of node a, or what `event` says. */
export function eventChange(type: Change['type'], uid: string, event: KubeEvent, receivedAt = 0): Change<'events'> {
  const object = {
    metadata: { name: uid, uid },
    involvedObject: { kind: 'Pod', name: 'p', uid: 'pod', fieldPath: 'spec.containers{app}' },
    source: { component: 'kubelet', host: 'a' },
    count: 1,
    ...event,
  };
  return changeOf(type, object, receivedAt);
}

/** The object that `anyJsonText` may give; only objects reach an observer. */
export function parsedObject(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

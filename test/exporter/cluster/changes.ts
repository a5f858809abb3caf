import type { KubeEvent } from '../../../exporter/cluster/objects.ts';
import type { Change } from '../../../exporter/cluster/watcher.ts';

/** A change of a node, which is ready unless `ready` says otherwise. */
export function nodeChange(
  type: Change['type'],
  name: string,
  images?: unknown,
  receivedAt = 0,
  ready = 'True',
): Change<'nodes'> {
  const conditions = [{ type: 'Ready', status: ready }];
  return { type, object: { metadata: { name }, status: { images: images as [], conditions } }, receivedAt };
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
  return { type, object, receivedAt };
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

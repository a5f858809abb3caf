import type { Resource } from '../../exporter/cluster/objects.ts';
import type { Change, Observer } from '../../exporter/cluster/watcher.ts';
import { readRecordings } from './recordings.ts';

/**
 * Feeds an observer what was recorded of these resources, without a server in between, up to and including a moment.
 * Lists arrive a tenth of a second before the first change of their resource.
 */
export function replay(observer: Observer, resources: readonly Resource[], until = Number.POSITIVE_INFINITY): void {
  readRecordings()
    .filter(({ resource }) => resources.includes(resource))
    .flatMap(({ resource, list, events }) => {
      const listedAt = (events[0]?.receivedAt ?? 0) - 0.1;
      const listed = list.items.map((object) => ({ resource, type: 'listed', object, receivedAt: listedAt }));
      const changes = events
        .filter(({ event }) => event.type !== 'BOOKMARK')
        .map(({ receivedAt, event: { type, object } }) => ({ resource, type: type.toLowerCase(), object, receivedAt }));
      return [...listed, ...changes];
    })
    .filter(({ receivedAt }) => receivedAt <= until)
    .sort((a, b) => a.receivedAt - b.receivedAt)
    .forEach(({ resource, ...change }) => {
      tell(observer, resource, change as Change);
    });
}

export function tell<Name extends Resource>(observer: Observer, resource: Name, change: Change<Name>): void {
  observer.observe[resource]?.(change);
}

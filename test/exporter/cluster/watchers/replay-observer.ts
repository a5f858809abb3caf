import type { Resource } from '../../../../exporter/cluster/objects.ts';
import type { Change, Observer } from '../../../../exporter/cluster/watcher.ts';
import { changeOf } from '../changes.ts';
import { type Recording, readRecordings } from '../recordings.ts';

/** Tells an observer what was recorded of some resources until a moment, without a server between. */
export function replay(observer: Observer, resources: readonly Resource[], until = Number.POSITIVE_INFINITY): void {
  const recordings = readRecordings();
  const listedAt = Math.min(...recordings.map(({ events }) => events[0]?.receivedAt ?? Number.NaN)) - 0.1;
  const changes = recordings
    .filter(({ resource }) => resources.includes(resource))
    .flatMap((recording) => changesIn(recording, listedAt))
    .filter(({ change }) => change.receivedAt <= until)
    .sort((a, b) => a.change.receivedAt - b.change.receivedAt);
  for (const { resource, change } of changes) tell(observer, resource, change as Change<never>);
}

export function tell<Name extends Resource>(observer: Observer, resource: Name, change: Change<Name>): void {
  observer.observe[resource]?.(change);
}

interface Told {
  readonly resource: Resource;
  readonly change: Change;
}

/** The list, which all resources had at one version, just before what came first; then the watch without its bookmarks. */
function changesIn({ resource, list, events }: Recording, listedAt: number): Told[] {
  const told = (type: Change['type'], object: object, receivedAt: number): Told => {
    return { resource, change: changeOf(type, object, receivedAt) };
  };
  const types = { ADDED: 'added', MODIFIED: 'modified', DELETED: 'deleted' } as const;
  return [
    ...list.items.map((object) => told('listed', object, listedAt)),
    ...events.flatMap(({ receivedAt, event: { type, object } }) => {
      return type === 'BOOKMARK' ? [] : [told(types[type], object, receivedAt)];
    }),
  ];
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Recorder } from '../recorder.ts';
import { readRecordings } from '../recordings.ts';
import { TestCluster } from '../test-cluster.ts';

test('a replay brings every recorded change, at its moment, though watches end on the way', async (t) => {
  const cluster = await TestCluster.start(t);
  const recorders = new Map(readRecordings().map(({ resource }) => [resource, new Recorder(resource)]));
  const replay = cluster.replay(recorders);
  for (const { resource, list, events } of readRecordings()) {
    const recorder = recorders.get(resource);
    await replay.advanceTo(cluster.clock.now());
    assert.equal(recorder?.take().length, list.items.length, resource);
    assert.ok(events.length > 0);
  }
  await replay.advanceTo(1795219704);
  for (const { resource, events } of readRecordings()) {
    const recorder = recorders.get(resource);
    const changes = events.filter(({ event }) => event.type !== 'BOOKMARK');
    assert.deepEqual(
      recorder?.told,
      changes.map(({ event: { type, object } }) => {
        return `${type.toLowerCase()} ${object.metadata.name}@${object.metadata.resourceVersion}`;
      }),
    );
    assert.deepEqual(
      recorder.times,
      changes.map(({ receivedAt }) => receivedAt),
      resource,
    );
    const watches = cluster.server.asked.filter((asked) => asked.resource === resource && asked.verb === 'watch');
    // 1,113 s with watches of 450 s, of events 120 s.
    assert.equal(watches.length, resource === 'events' ? 10 : 3, resource);
    const { error, timeouts, lastEventAt } = cluster.reflector(resource).status;
    assert.deepEqual([error, timeouts], [undefined, 0], resource);
    assert.ok((lastEventAt ?? 0) > 1795219600);
  }
});

import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { until } from '../exporter-process.ts';
import { sampleValue } from '../exposition-text.ts';
import { missing } from '../programs.ts';
import { areIn, HostOnDisk, type Place } from './host-on-disk.ts';
import { IMAGES, LAYER, LOGS } from './places-on-disk.ts';

const skip = missing(['bindfs'], { root: true });

describe('a disk that hangs', { skip, concurrency: true }, () => {
  test('below a log directory', (t) => testHungDisk(t, LOGS));
  test('below a writable layer', (t) => testHungDisk(t, LAYER));
  test('below the images', (t) => testHungDisk(t, IMAGES));
});

async function testHungDisk(t: TestContext, place: Place): Promise<void> {
  const host = new HostOnDisk(t, place);
  await host.mount();
  const exporter = await host.startExporter();

  await t.test('the values are right while it answers', async () => {
    await host.untilRight();
    host.write();
    await host.untilRight();
    assert.deepEqual(host.logged(40), []);
  });
  const last = host.values();
  await host.hangBetweenRuns();
  host.write();

  await t.test('the collector is stuck, and every scrape is answered with its last values', async (t) => {
    await host.untilStuck();
    const milliseconds: number[] = [];
    for (let request = 0; request < 20; request += 1) {
      const start = performance.now();
      const response = await fetch(`${exporter.url}/metrics`, { signal: AbortSignal.timeout(5000) });
      const text = await response.text();
      milliseconds.push(performance.now() - start);
      assert.equal(response.status, 200);
      assert.ok(areIn(text, last), 'the last values');
    }
    t.diagnostic(`slowest of 20 answers: ${Math.max(...milliseconds).toFixed(1)} ms`);
  });

  await t.test('it is counted once, is not started again, and the other collectors go on', async () => {
    const [before, after] = await untilOthersRanOn(host);
    assert.equal(host.timeouts(before), 1);
    assert.equal(host.timeouts(after), 1);
    for (const collector of host.others) {
      assert.equal(sampleValue(after, 'foreshock_collector_success', { collector }), 1, collector);
      assert.equal(sampleValue(after, 'foreshock_collector_timeouts_total', { collector }), 0, collector);
    }
  });

  await t.test('the log names the directory, once', () => {
    assert.deepEqual(
      host.logged(40).map(({ about }) => about),
      [place.directory],
    );
  });

  await t.test('it recovers, and what was written meanwhile is seen', async () => {
    host.disk.resume();
    const text = await host.untilRight();
    assert.equal(host.timeouts(text), 1);
    assert.deepEqual(
      host.logged(30).map(({ msg }) => msg),
      ['recovered'],
    );
  });

  await t.test('SIGTERM ends the exporter in order', async () => {
    assert.equal(await exporter.stop(), 0);
  });
}

/** Two expositions between which each of the other collectors has succeeded for three seconds. */
async function untilOthersRanOn(host: HostOnDisk): Promise<[before: string, after: string]> {
  const succeeded = (text: string, collector: string) =>
    sampleValue(text, 'foreshock_collector_last_success_timestamp_seconds', { collector }) ?? Number.NaN;
  const before = await host.exporter.scrape();
  const after = await until(
    host.exporter.scrape,
    (text) => host.others.every((name) => succeeded(text, name) >= succeeded(before, name) + 3),
    60,
  );
  return [before, after];
}

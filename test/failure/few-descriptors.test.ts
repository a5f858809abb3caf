import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LogEntry } from '../exporter/node/scheduling/scheduled-collectors.ts';
import { startExporter, until } from '../exporter-process.ts';
import { sampleValue } from '../exposition-text.ts';
import { HostTree, TREE_COLLECTORS } from './host-tree.ts';

test('no descriptors for some seconds: a line for each thing that was not read, and all goes on', async (t) => {
  const exporter = await startOn(t);
  const entries = () => exporter.log().split('\n').filter(Boolean);
  const everySucceeded = (text: string) =>
    TREE_COLLECTORS.every((collector) => sampleValue(text, 'foreshock_collector_success', { collector }) === 1);
  await exporter.scrapeUntil(everySucceeded, 60);
  limit(exporter.process.pid, 5);
  await until(
    async () => entries().filter((line) => line.includes('EMFILE')).length,
    (count) => count > 0,
    30,
  );
  // Several runs more, all of which fail alike.
  await sleep(5000);
  limit(exporter.process.pid, 1024);
  await exporter.scrapeUntil(everySucceeded, 60);
  assert.equal(exporter.process.exitCode, null);

  const parsed = entries().map((line) => JSON.parse(line) as LogEntry);
  const failed = parsed.filter(({ msg }) => msg === 'read failed');
  const keys = failed.map(({ collector, about, error }) => `${collector} ${about} ${error}`);
  assert.deepEqual(keys, [...new Set(keys)], 'each is logged once');
});

async function startOn(t: TestContext) {
  const tree = new HostTree();
  const schedules = TREE_COLLECTORS.map((name) => `--collector.${name}.schedule=* * * * * *`);
  const exporter = await startExporter([...tree.flags, ...schedules]);
  t.after(async () => {
    await exporter.stop();
    tree.remove();
  });
  return exporter;
}

/** Sets how many descriptors a process may have, while it runs; those that it has stay. */
function limit(pid: number | undefined, descriptors: number): void {
  const { status, stderr } = spawnSync('prlimit', ['--pid', String(pid), `--nofile=${descriptors}:`]);
  assert.equal(status, 0, String(stderr));
}

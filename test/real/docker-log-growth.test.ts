import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type ExporterProcess, startExporter, until } from '../exporter-process.ts';
import { sampleValue } from '../exposition-text.ts';
import { missing } from '../programs.ts';
import { assertAgreement, SOON } from './agreement.ts';
import { lookContinuously } from './continuous-look.ts';
import { DOCKER_PROGRAMS, type DockerDaemon, startDockerDaemon } from './docker-daemon.ts';
import * as logging from './logging-container.ts';
import { jsonFileRecords, WrittenLog } from './written-log.ts';

test('bytes written to logs', { concurrency: true, skip: missing(DOCKER_PROGRAMS, { root: true }) }, async (t) => {
  const daemon = await startDockerDaemon(t);
  const containers = await logging.startLoggingContainers(daemon);
  await daemon.run('single-file', logging.LOG_ON_DEMAND, '--log-opt=max-size=10k');
  const exporter = await startCounting(t, daemon);
  const checks = containers.map((container) =>
    t.test(`${container.kind}: each byte is counted once`, () => assertEachByteCounted(exporter, daemon, container)),
  );
  const singleFile = t.test('json-file of one file: no byte is counted twice', () =>
    assertSingleFileCounted(exporter, daemon),
  );
  await Promise.all([...checks, singleFile]);

  await t.test('a container that is started later is counted from its first byte', () =>
    assertLaterContainerCounted(exporter, daemon),
  );
  await t.test('a look in the midst of a rotation counts each byte once', () =>
    assertRotationCounted(daemon, containers),
  );
});

async function startCounting(t: TestContext, daemon: DockerDaemon): Promise<ExporterProcess> {
  const exporter = await startExporter([
    `--collector.containers.docker-root=${daemon.dataRoot}`,
    '--collector.containers.schedule=* * * * * *',
    '--collector.container_logs.schedule=* * * * * *',
    '--no-collector.writable_layers',
  ]);
  t.after(() => exporter.stop());
  return exporter;
}

function counted(exposition: string, container: string): number | undefined {
  return sampleValue(exposition, 'foreshock_container_log_written_bytes_total', { container });
}

async function assertEachByteCounted(
  exporter: ExporterProcess,
  daemon: DockerDaemon,
  container: logging.LoggingContainer,
): Promise<void> {
  const seen: number[] = [];
  const find = (text: string) => {
    const value = counted(text, container.name);
    if (value !== undefined) seen.push(value);
    return value;
  };
  const assertCounted = () => assertAgreement(exporter, find, () => container.written.look().bytes);
  await assertCounted();
  for (const lines of logging.LINES) {
    await logging.logLines(daemon, container, lines);
    await assertCounted();
  }
  await daemon.docker('restart', '--time=0', container.name);
  await logging.logLines(daemon, container, 30);
  await assertCounted();
  const ascending = seen.toSorted((a, b) => a - b);
  assert.deepEqual(seen, ascending, 'a counter never falls');
}

/** From Docker 23 on the one file is deleted when it is full, with what was written to it since the last look. */
async function assertSingleFileCounted(exporter: ExporterProcess, daemon: DockerDaemon): Promise<void> {
  const longest = '{"log":" line 1000\\n","stream":"stdout","time":"2026-01-01T00:00:00.000000000Z"}\n'.length + 36;
  const find = (text: string) => counted(text, 'single-file') ?? -1;
  let before = find(await exporter.scrapeUntil((text) => find(text) === 0, SOON));
  for (let lines = 60; lines <= 600; lines += 60) {
    await logging.demandLines(daemon, 'single-file', 60);
    const now = find(await exporter.scrapeUntil((text) => find(text) > before, SOON));
    assert.ok(now <= lines * longest, `${now} bytes counted of ${lines} lines`);
    before = now;
  }
  assert.ok(before > 10_000, 'counted beyond the size of the file');
}

async function assertLaterContainerCounted(exporter: ExporterProcess, daemon: DockerDaemon): Promise<void> {
  const script = 'i=0; while [ $i -lt 50 ]; do echo "line $i"; i=$((i + 1)); done; exec sleep 100000';
  const id = await daemon.run('later', script);
  const written = new WrittenLog(logging.activeFile(daemon, id, jsonFileRecords), jsonFileRecords);
  await until(
    async () => written.look().records,
    (records) => records === 50,
    SOON,
  );
  const find = (text: string) => counted(text, 'later');
  await assertAgreement(exporter, find, () => written.look().bytes);
}

async function assertRotationCounted(
  daemon: DockerDaemon,
  containers: readonly logging.LoggingContainer[],
): Promise<void> {
  const look = lookContinuously(daemon.dataRoot);
  const assertCounted = async (container: logging.LoggingContainer) => {
    const total = async () => look.counted(container.name);
    const before = container.written.look().bytes;
    await until(total, (bytes) => bytes === 0, SOON);
    for (const lines of [...logging.LINES, ...logging.LINES]) {
      await logging.logLines(daemon, container, lines);
      const written = container.written.look().bytes - before;
      await until(total, (bytes) => bytes === written, SOON).catch(() => {});
      assert.equal(await total(), written, container.kind);
    }
  };
  try {
    const results = await Promise.allSettled(containers.map(assertCounted));
    const failures = results.flatMap((result) => (result.status === 'rejected' ? [result.reason.message] : []));
    assert.deepEqual([...failures, ...look.faults], []);
  } finally {
    await look.stop();
  }
}

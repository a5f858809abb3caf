import assert from 'node:assert/strict';
import { readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { ExporterProcess } from '../exporter-process.ts';
import { parseExposition, sampleValue } from '../exposition-text.ts';
import { assertAgreement, byContainer, SOON, truthOf } from './agreement.ts';
import { diskUsage } from './disk-usage.ts';
import type { DockerDaemon } from './docker-daemon.ts';

/** Containers whose log has come to its end. */
const LOGGED = ['unbounded', 'rotated', 'compressed', 'local', 'exited'];

/** All files that Docker writes a container's log to, the one being written first. */
export async function logFiles(daemon: DockerDaemon, container: string): Promise<string[]> {
  const id = await daemon.inspect(container, '.Id');
  const jsonFile = await daemon.inspect(container, '.LogPath');
  const active = jsonFile || join(daemon.dataRoot, 'containers', id, 'local-logs/container.log');
  const names = readdirSync(dirname(active)).filter((name) => name.startsWith(basename(active)));
  return names.sort().map((name) => join(dirname(active), name));
}

/** Checks the sizes of logs against the blocks of their files. */
export async function assertLogBytes(exporter: ExporterProcess, daemon: DockerDaemon): Promise<void> {
  await assertAgreement(exporter, byContainer('foreshock_container_log_bytes', LOGGED), () =>
    truthOf(LOGGED, async (name) => diskUsage(...(await logFiles(daemon, name)))),
  );
}

/** Checks that the size of a log rises as the log does. */
export async function assertEndlessLogRises(exporter: ExporterProcess, daemon: DockerDaemon): Promise<void> {
  const bytes = (text: string) => sampleValue(text, 'foreshock_container_log_bytes', { container: 'endless' }) ?? 0;
  const first = bytes(await exporter.scrape());
  const later = bytes(await exporter.scrapeUntil((text) => bytes(text) > first, SOON));
  assert.ok(later <= diskUsage(...(await logFiles(daemon, 'endless'))));
}

/** Checks the limits of logs against what Docker was told, and Docker's unit against what it does. */
export async function assertLogLimits(exporter: ExporterProcess, daemon: DockerDaemon): Promise<void> {
  const config = await truthOf(LOGGED, async (name) => daemon.inspect(name, 'json .HostConfig.LogConfig'));
  assert.deepEqual(config, {
    unbounded: '{"Type":"json-file","Config":{}}',
    rotated: '{"Type":"json-file","Config":{"max-file":"3","max-size":"10k"}}',
    compressed: '{"Type":"json-file","Config":{"compress":"true","max-file":"3","max-size":"10k"}}',
    local: '{"Type":"local","Config":{}}',
    exited: '{"Type":"json-file","Config":{}}',
  });
  assert.deepEqual(byContainer('foreshock_container_log_limit_bytes', LOGGED)(await exporter.scrape()), {
    unbounded: Number.POSITIVE_INFINITY,
    rotated: 30_000,
    compressed: 30_000,
    local: 5 * 20 * 1024 ** 2,
    exited: Number.POSITIVE_INFINITY,
  });
  const [, ...full] = (await logFiles(daemon, 'rotated')).map((file) => statSync(file).size);
  assert.equal(full.length, 2);
  for (const size of full) assert.ok(size >= 10_000 && size < 10_240, `rotated at ${size} bytes`);
}

/** Checks that a container has series, but none of a log. */
export async function assertNoLog(exporter: ExporterProcess, container: string): Promise<void> {
  const lines = parseExposition(await exporter.scrape()).filter(({ labels }) => labels.container === container);
  assert.notEqual(lines.length, 0);
  assert.deepEqual(
    lines.filter(({ name }) => name.includes('_log_')),
    [],
  );
}

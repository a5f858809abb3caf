import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { ExporterProcess } from '../exporter-process.ts';
import { parseExposition, sampleValue } from '../exposition-text.ts';
import { assertAgreement, byContainer, SOON, truthOf } from './agreement.ts';
import { diskUsage, inodeUsage } from './disk-usage.ts';
import { FILLED, upperDirectory } from './docker-containers.ts';
import type { DockerDaemon } from './docker-daemon.ts';

const BYTES = 'foreshock_container_writable_layer_bytes';
const INODES = 'foreshock_container_writable_layer_inodes';
const DIRECTORY_BYTES = 'foreshock_container_writable_layer_directory_bytes';

/** Containers that have written all they will. */
const SETTLED = ['filler', 'exited', 'unlogged', 'careless'];

/** Checks layers against `du`. */
export async function assertLayers(exporter: ExporterProcess, daemon: DockerDaemon): Promise<void> {
  const upper = (name: string) => upperDirectory(daemon, name);
  await assertAgreement(exporter, byContainer(BYTES, SETTLED), () =>
    truthOf(SETTLED, async (name) => diskUsage(await upper(name))),
  );
  await assertAgreement(exporter, byContainer(INODES, SETTLED), () =>
    truthOf(SETTLED, async (name) => inodeUsage(await upper(name))),
  );
}

/** Checks a layer against Docker's own figure, which leaves out directories and what blocks are rounded up by. */
export async function assertDockerSize(exporter: ExporterProcess, daemon: DockerDaemon): Promise<void> {
  const sizes = await daemon.docker('ps', '--all', '--size', '--filter=name=filler', '--format={{.Size}}');
  assert.match(sizes, new RegExp(`^${FILLED / 1e6}MB `));
  const bytes = sampleValue(await exporter.scrape(), BYTES, { container: 'filler' }) ?? 0;
  assert.ok(bytes >= FILLED && bytes < FILLED * 1.01, `${bytes} bytes`);
}

/** Checks the named directories of the one layer that is large. */
export async function assertDirectories(exporter: ExporterProcess, daemon: DockerDaemon): Promise<void> {
  const upper = await upperDirectory(daemon, 'filler');
  const lines = parseExposition(await exporter.scrape()).filter(({ name }) => name === DIRECTORY_BYTES);
  const found = lines.map(({ labels, value }) => [labels.container, labels.directory, value]);
  const directories = ['/log', '/log/app', '/tmp', '/tmp/small'];
  const expected = directories.map((directory) => ['filler', directory, diskUsage(join(upper, directory))]);
  assert.deepEqual(found.sort(), expected.sort());
}

/** Checks that a container's own writing is noticed. */
export async function assertGrowthIsSeen(exporter: ExporterProcess, daemon: DockerDaemon): Promise<void> {
  const bytes = (text: string) => sampleValue(text, BYTES, { container: 'filler' }) ?? 0;
  const before = bytes(await exporter.scrape());
  await daemon.docker('exec', 'filler', 'touch', '/more');
  await exporter.scrapeUntil((text) => bytes(text) >= before + 10_000_000, SOON);
}

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { type ExporterProcess, startExporter } from '../exporter-process.ts';
import { sampleValue } from '../exposition-text.ts';
import { assertAgreement } from './agreement.ts';
import type { DockerDaemon } from './docker-daemon.ts';

/** What other programs may write to the same disk between two looks at it. */
const CHANGE_BESIDES = 2 ** 30;

interface Images {
  readonly count: number | undefined;
  readonly localOnly: number | undefined;
  readonly localOnlyBytes: number | undefined;
}

/** Images and the space for them, by an exporter that sees no kubelet that may be on this machine. */
export async function testImages(t: TestContext, daemon: DockerDaemon): Promise<void> {
  const procfs = mkdtempSync(join(tmpdir(), 'foreshock-proc-'));
  t.after(() => rmSync(procfs, { recursive: true }));
  for (const process of ['1', 'self']) mkdirSync(join(procfs, process));
  writeFileSync(join(procfs, '1/environ'), '');
  writeFileSync(join(procfs, 'self/mountinfo'), '22 1 8:1 / / rw - ext4 /dev/sda1 rw\n');
  const exporter = await startExporter([
    `--path.procfs=${procfs}`,
    `--collector.image_filesystem.docker-root=${daemon.dataRoot}`,
    '--collector.image_filesystem.schedule=* * * * * *',
  ]);
  t.after(() => exporter.stop());
  await t.test('are those that Docker lists, and follow what is done', () => assertImageChanges(exporter, daemon));
  await t.test('have the space that df shows', () => assertImageSpace(exporter, daemon));
}

/** Checks that the images follow what is done to them; they are afterwards as they were. */
async function assertImageChanges(exporter: ExporterProcess, daemon: DockerDaemon): Promise<void> {
  const { docker } = daemon;
  const before = await assertImages(exporter, daemon);
  assert.equal(before.localOnly, 1, 'the imported image');

  await docker('tag', 'busybox', 'localhost/other:1');
  assert.deepEqual(await assertImages(exporter, daemon), before, 'another name is no other image');
  await docker('rmi', 'localhost/other:1');

  await docker('create', '--name=changed', '--network=none', 'busybox', 'true');
  const id = (await docker('commit', '--change=LABEL a=b', 'changed')).trim();
  const unnamed = await assertImages(exporter, daemon);
  assert.deepEqual(unnamed, { ...before, count: (before.count ?? 0) + 1 });

  await docker('tag', id, 'built-here:1');
  const named = await assertImages(exporter, daemon);
  assert.equal(named.localOnly, 2);
  assert.ok((named.localOnlyBytes ?? 0) >= 2 * (before.localOnlyBytes ?? Number.NaN), 'shared layers count for each');

  await docker('rm', 'changed');
  await docker('rmi', 'built-here:1');
  assert.deepEqual(await assertImages(exporter, daemon), before);
}

/** Checks images against `docker images` and `docker image inspect`. */
async function assertImages(exporter: ExporterProcess, daemon: DockerDaemon): Promise<Images> {
  await assertAgreement(exporter, exported, () => listed(daemon));
  return listed(daemon);
}

function exported(text: string): Images {
  return {
    count: sampleValue(text, 'foreshock_images', {}),
    localOnly: sampleValue(text, 'foreshock_local_only_images', {}),
    localOnlyBytes: sampleValue(text, 'foreshock_local_only_image_bytes', {}),
  };
}

async function listed({ docker }: DockerDaemon): Promise<Images> {
  const ids = new Set((await docker('images', '--quiet', '--no-trunc')).trim().split('\n'));
  const inspected: { RepoTags: string[]; RepoDigests: string[]; Size: number }[] = JSON.parse(
    await docker('image', 'inspect', ...ids),
  );
  const localOnly = inspected.filter(({ RepoTags, RepoDigests }) => RepoTags.length > 0 && RepoDigests.length === 0);
  const localOnlyBytes = localOnly.reduce((sum, { Size }) => sum + Size, 0);
  return { count: ids.size, localOnly: localOnly.length, localOnlyBytes };
}

/** Checks the space for images against `df` of the data root. */
async function assertImageSpace(exporter: ExporterProcess, { dataRoot }: DockerDaemon): Promise<void> {
  const text = await exporter.scrape();
  const df = execFileSync('df', ['--block-size=1', '--output=size,avail', dataRoot], { encoding: 'utf8' });
  const [size, available] = (df.split('\n')[1] ?? '').trim().split(/\s+/).map(Number);
  assert.equal(sampleValue(text, 'foreshock_image_filesystem_size_bytes', {}), size);
  const left = sampleValue(text, 'foreshock_image_filesystem_available_bytes', {}) ?? Number.NaN;
  assert.ok(Math.abs(left - (available ?? Number.NaN)) < CHANGE_BESIDES, `${left} bytes, ${available} by df`);
}

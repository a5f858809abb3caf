import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { PROJECT } from '../paths.ts';
import { answeringDaemons, containerdHost, dockerCgroup2Host, dockerPart, scrapeHost } from './host-trees.ts';

/** Layers of a few MiB name their directories too. */
const FLAGS = ['--collector.writable_layers.directory-min-bytes=1000000'];

test('the recorded containerd host', async (t) => {
  const root = containerdHost(t);
  const daemons = await answeringDaemons(t, root, ['docker', 'containerd']);
  assertGolden('containerd', await scrapeHost(t, root, [...FLAGS, ...daemons]));
});

test('the Docker part of the recorded host', async (t) => {
  const root = dockerPart(t);
  const daemons = await answeringDaemons(t, root, ['docker']);
  assertGolden('docker', await scrapeHost(t, root, [...FLAGS, ...daemons]));
});

test('the recorded Docker host on cgroup v2', async (t) => {
  const { root } = dockerCgroup2Host(t);
  const daemons = await answeringDaemons(t, root, ['docker', 'containerd']);
  assertGolden('docker-cgroup2', await scrapeHost(t, root, [...FLAGS, ...daemons]));
});

/** Compares with test/golden/<name>.prom; `npm run golden` writes that file instead. */
function assertGolden(name: string, exposition: string): void {
  const file = join(PROJECT, 'test/golden', `${name}.prom`);
  const actual = normalize(exposition);
  if (process.env.UPDATE_GOLDEN) writeFileSync(file, actual);
  assert.equal(actual, readFileSync(file, 'utf8'));
}

/** Times and versions masked, the process's own metrics left out, the series of a metric in one order. */
function normalize(exposition: string): string {
  const families = exposition.split(/^(?=# HELP )/m).filter((family) => family.startsWith('# HELP foreshock_'));
  return families
    .map((family) => {
      const [help, type, ...samples] = family.trimEnd().split('\n');
      return [help, type, ...samples.filter(isStable).map(mask).sort()].join('\n');
    })
    .join('\n')
    .concat('\n');
}

/** Buckets and sums of durations differ from run to run, counts do not. */
function isStable(line: string): boolean {
  return !/^\w+_duration_seconds_(bucket|sum)/.test(line);
}

/** The space for images is that of this machine's disk. */
function mask(line: string): string {
  const varies =
    /^\w+_timestamp_seconds[{ ]|^\w+_duration_seconds\{|^foreshock_image_(filesystem_\w+|gc_wanted)_bytes /;
  const masked = varies.test(line) ? line.replace(/ \S+$/, ' MASKED') : line;
  return masked.replace(/version="[^"]*"/g, 'version="MASKED"');
}

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, readdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { Tree } from '../../../../exporter/node/host/tree.ts';
import { walkLayer } from '../../../../exporter/node/layers/walk.ts';
import { missing } from '../../../programs.ts';
import { temporaryDirectory } from '../host/temporary-host.ts';
import { walk } from './faultless-walk.ts';

const MB = 1_000_000;

/** A directory with files of these sizes by their paths. */
function layerOf(t: TestContext, files: Record<string, number>): string {
  const layer = join(temporaryDirectory(t), 'layer');
  mkdirSync(layer);
  for (const [path, size] of Object.entries(files)) {
    mkdirSync(join(layer, dirname(path)), { recursive: true });
    writeFileSync(join(layer, path), 'x'.repeat(size));
  }
  return layer;
}

const SETTLED = { unixTime: () => Date.now() / 1000 + 3600 };

/** What `du` says; blocks are only allocated for good once they are on the disk. */
function du(directory: string): { bytes: number; inodes: number } {
  execFileSync('sync', ['-f', directory]);
  const [bytes, inodes] = ['--block-size=1', '--inodes'].map((unit) =>
    Number.parseInt(execFileSync('du', ['-sx', unit, directory], { encoding: 'utf8' }), 10),
  );
  return { bytes: bytes ?? NaN, inodes: inodes ?? NaN };
}

function assertAsDu(layer: string): void {
  const expected = { ...du(layer), unscanned: 0, directories: [] };
  assert.deepEqual(walk(layer), expected);
  assert.deepEqual(walk(layer, SETTLED), expected);
}

test('an empty directory, and one that is absent', (t) => {
  const layer = layerOf(t, {});
  assertAsDu(layer);
  assert.equal(walk(layer).inodes, 1);
  const options = { depth: 0, directories: 0, unixTime: () => 0, pace: () => {}, fault: () => {} };
  assert.equal(walkLayer(new Tree('/'), `${layer}/absent`, options), undefined);
});

test('files of many kinds', (t) => {
  const layer = layerOf(t, { a: 1, 'd/b': 5000, 'd/e/c': MB, 'd/line\nbreak': 5000, 'd/ü ✓\t"\\': 1, 'd/..x': 1 });
  mkdirSync(join(layer, 'empty\ndirectory'));
  execFileSync('mkfifo', [join(layer, 'fifo')]);
  writeFileSync(join(layer, 'sparse'), '');
  truncateSync(join(layer, 'sparse'), 1000 * MB);
  assertAsDu(layer);
  assert.ok(walk(layer).bytes < 100 * MB);
});

test('links lead nowhere', (t) => {
  const layer = layerOf(t, { 'd/file': MB });
  writeFileSync(join(layer, '../outside'), 'x'.repeat(5 * MB));
  symlinkSync('../outside', join(layer, 'out'));
  symlinkSync('/usr', join(layer, 'absolute'));
  symlinkSync('.', join(layer, 'd/self'));
  symlinkSync('x'.repeat(200), join(layer, 'dangling'));
  assertAsDu(layer);
  assert.equal(walk(layer).inodes, 7);
});

test('hard links count once, those with a name outside too', (t) => {
  const layer = layerOf(t, { 'd/file': MB, 'd/shared': MB });
  for (const name of ['one', 'two', 'd/three']) linkSync(join(layer, 'd/file'), join(layer, name));
  linkSync(join(layer, 'd/shared'), join(layer, '../outside'));
  linkSync(join(layer, 'd/shared'), join(layer, 'again'));
  assertAsDu(layer);
  assert.equal(walk(layer).inodes, 4);
});

test('names that are not UTF-8', (t) => {
  const layer = layerOf(t, { file: 1 });
  const latin1 = Buffer.concat([Buffer.from(`${layer}/caf`), Buffer.from([0xe9])]);
  mkdirSync(latin1);
  writeFileSync(Buffer.concat([latin1, Buffer.from('/menu')]), 'x'.repeat(MB));
  assertAsDu(layer);
});

test('a directory of so many names that they are not read at once', (t) => {
  const layer = layerOf(t, { file: 1, other: 1 });
  for (let index = 0; index < 17_000; index++) linkSync(join(layer, 'file'), join(layer, `${index}-`.padEnd(250, 'x')));
  assertAsDu(layer);
});

test('any tree of files and hard links', (t) => {
  const path = fc
    .array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 4 })
    .map((parts) => `${parts.join('/')}/f`);
  const trees = fc.array(fc.record({ path, size: fc.integer({ min: 0, max: 20_000 }), link: fc.option(path) }), {
    maxLength: 12,
  });
  fc.assert(
    fc.property(trees, (files) => {
      const layer = layerOf(t, Object.fromEntries(files.map(({ path, size }) => [path, size])));
      for (const [index, { path, link }] of files.entries()) {
        if (link) linkSync(join(layer, path), join(layer, dirname(path), `${index}`));
      }
      assertAsDu(layer);
    }),
    { numRuns: 20 },
  );
});

test('whiteouts and other devices', { skip: missing(['mknod'], { root: true }) }, (t) => {
  const layer = layerOf(t, { 'd/file': 1 });
  execFileSync('mknod', [join(layer, 'd/deleted'), 'c', '0', '0']);
  assertAsDu(layer);
  assert.equal(walk(layer).inodes, 4);
});

test('another file system mounted inside', { skip: missing(['mount'], { root: true }) }, (t) => {
  const layer = layerOf(t, { 'volume/hidden': 1, file: 1 });
  const alone = walk(layer);
  execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', join(layer, 'volume')]);
  try {
    writeFileSync(join(layer, 'volume/data'), 'x'.repeat(MB));
    assertAsDu(layer);
    assert.equal(walk(layer).inodes, alone.inodes - 2);
  } finally {
    execFileSync('umount', [join(layer, 'volume')]);
  }
});

test('what vanishes midway is left out without a fault', (t) => {
  const layer = layerOf(t, { 'gone/file': MB, 'kept/file': 1, 'kept/below/file': MB });
  const pace = (_: number, path: string) => {
    if (path === '') rmSync(join(layer, 'gone'), { recursive: true });
    if (path === '/kept') rmSync(join(layer, 'kept/below'), { recursive: true });
  };
  // The two were seen themselves before they went.
  assert.deepEqual([walk(layer, { pace }).inodes, walk(layer, { pace: () => {} }).inodes], [5, 3]);
});

test('a tree that is deeper than any path, and than the descriptors that are held', (t) => {
  const layer = layerOf(t, { file: 1 });
  deepen(layer, 60, 'd'.repeat(200));
  deepen(layer, 60, 'e'.repeat(200));
  const most = openDescriptors();
  let held = 0;
  const pace = () => {
    held = Math.max(held, openDescriptors() - most);
  };
  assertAsDu(layer);
  assert.equal(walk(layer, { pace }).inodes, 2 + 60 * 4);
  assert.ok(held > 20 && held < 60, `${held} descriptors`);
  assert.equal(openDescriptors(), most);
});

test('directories below 4,096 others are left out and counted', (t) => {
  const layer = layerOf(t, { file: 1 });
  execFileSync('mkdir', ['-p', Array(4099).fill('d').join('/')], { cwd: layer });
  const { inodes, unscanned } = walk(layer);
  assert.deepEqual({ inodes, unscanned }, { inodes: 2 + 4097, unscanned: 1 });
});

test('directories are told apart down to a depth, each with all that is below', (t) => {
  const layer = layerOf(t, { 'log/nginx/access.log': 3 * MB, 'log/app.log': MB, 'var/cache/deep/x': 2 * MB, file: 1 });
  const expected = (...paths: string[]) => paths.map((path) => ({ path, bytes: du(layer + path).bytes }));
  const told = (depth: number, directories = 100) => walk(layer, { depth, directories }).directories;
  assert.deepEqual(told(0), []);
  assert.deepEqual(told(1), expected('/log', '/var'));
  assert.deepEqual(new Set(told(2)), new Set(expected('/log', '/log/nginx', '/var', '/var/cache')));
  assert.deepEqual(told(2, 2), expected('/log', '/log/nginx'));
  assert.deepEqual(told(2, 0), []);
});

test('no number of small directories hides a large one', (t) => {
  const files = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`small-${index}/f`, 1]));
  const layer = layerOf(t, { ...files, 'large/f': MB });
  assert.deepEqual(
    walk(layer, { depth: 1, directories: 1 }).directories.map(({ path }) => path),
    ['/large'],
  );
});

test('names that are not UTF-8 are shown with a replacement, long paths with an end', (t) => {
  const layer = layerOf(t, {});
  mkdirSync(Buffer.concat([Buffer.from(`${layer}/caf`), Buffer.from([0xe9])]));
  deepen(layer, 8, 'd'.repeat(250));
  const shown = walk(layer, { depth: 9 }).directories.map(({ path }) => path);
  assert.ok(shown.includes('/caf\uFFFD'));
  assert.ok(shown.every((path) => path.length <= 1025));
  assert.ok(shown.some((path) => path.endsWith('…')));
});

test('the pace is told of every directory and its entries', (t) => {
  const layer = layerOf(t, { 'd/a': 1, 'd/b': 1, 'e/f/c': 1 });
  const told: [path: string, entries: number][] = [];
  walk(layer, { pace: (entries, path) => told.push([path, entries]) });
  assert.deepEqual(told.sort(), [
    ['', 2],
    ['/d', 2],
    ['/e', 1],
    ['/e/f', 1],
  ]);
});

/** Directories in one another, each with a file, made step by step as no path leads to the last. */
function deepen(top: string, levels: number, name: string): void {
  const script = `
    const { mkdirSync, writeFileSync } = require('node:fs');
    const [top, levels, name] = process.argv.slice(1);
    process.chdir(top);
    for (let level = 0; level < Number(levels); level += 1) {
      mkdirSync(name);
      process.chdir(name);
      writeFileSync('file', 'x'.repeat(5000));
    }`;
  execFileSync(process.execPath, ['-e', script, top, `${levels}`, name]);
}

function openDescriptors(): number {
  return readdirSync('/proc/self/fd').length;
}

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { LayerUsage, WalkOptions } from '../../../../exporter/node/layers/walk.ts';
import { temporaryDirectory } from '../host/temporary-host.ts';
import { walk as faultlessWalk } from './faultless-walk.ts';

const SIZE = 100_000;

/** Directories of unknown age, and directories that have long been settled, are looked at in different ways. */
const AGES = { young: () => 0, settled: () => Date.now() / 1000 + 3600 };

/** A layer with files of these paths, and beside it a foreign directory, `other`, with the same and more. */
function layerBesideAnother(t: TestContext, paths: readonly string[]): string {
  const directory = temporaryDirectory(t);
  for (const path of paths) {
    for (const place of [`layer/${path}`, `other/${path}`, `other/secret/${path}`]) {
      mkdirSync(join(directory, dirname(place)), { recursive: true });
      writeFileSync(join(directory, place), place.startsWith('other') ? 'x'.repeat(SIZE) : '');
    }
  }
  return join(directory, 'layer');
}

function walk(layer: string, options: Partial<WalkOptions>): LayerUsage {
  return faultlessWalk(layer, { depth: 9, directories: 1000, ...options });
}

/** Puts a link to a foreign directory in the place of a directory of the layer. */
function swap(layer: string, path: string, foreign = path): void {
  renameSync(join(layer, path), join(layer, `${path}-was-here`));
  symlinkSync(join(layer, '../other', foreign), join(layer, path));
}

/** Nothing in the layer has more than a block. */
function assertOwn({ bytes, inodes, directories }: LayerUsage): void {
  assert.ok(bytes <= inodes * 4096, `${bytes} bytes of ${inodes} inodes`);
  assert.deepEqual(
    directories.filter(({ path }) => path.includes('secret')),
    [],
  );
}

test('the descriptors of a walk that is broken off are closed', (t) => {
  const layer = layerBesideAnother(t, ['a/b/f', 'c/f']);
  const descriptors = () => readdirSync('/proc/self/fd').length;
  const before = descriptors();
  const pace = (_: number, path: string) => {
    if (path === '/a/b') throw new Error('stop');
  };
  assert.throws(() => walk(layer, { pace }), /stop/);
  assert.equal(descriptors(), before);
});

test('large directories in large directories: listings are given up, and that is counted', (t) => {
  const layer = layerBesideAnother(t, ['f']);
  rmSync(join(layer, 'f'));
  const fill = (directory: string) => {
    for (let index = 0; index < 260; index += 1) mkdirSync(join(directory, `${index}`));
  };
  fill(layer);
  const before = readdirSync('/proc/self/fd').length;
  let levels = 1;
  let descriptors = 0;
  const pace = (entries: number, path: string) => {
    if (entries < 256 || levels === 18 || path.split('/').length !== levels) return;
    descriptors = Math.max(descriptors, readdirSync('/proc/self/fd').length - before);
    levels += 1;
    // Of what was found at once the walk enters the last first, while there are more names to come.
    fill(join(layer, path, readdirSync(join(layer, path))[255] ?? ''));
  };
  const { unscanned } = walk(layer, { pace });
  assert.deepEqual({ levels, unscanned }, { levels: 18, unscanned: 2 });
  assert.ok(descriptors <= 18 + 17, `${descriptors} descriptors`);
});

for (const [age, unixTime] of Object.entries(AGES)) {
  test(`${age}: a link that takes the place of a directory when it was seen and is not open yet`, (t) => {
    const layer = layerBesideAnother(t, ['a/f', 'a/b/f', 'c/f']);
    const swapped: string[] = [];
    const pace = (_: number, path: string) => {
      if (path !== '' && path !== '/a') return;
      const place = path === '' ? 'c' : 'a/b';
      swap(layer, place);
      swapped.push(place);
    };
    assertOwn(walk(layer, { unixTime, pace }));
    assert.deepEqual(swapped.sort(), ['a/b', 'c']);
  });

  test(`${age}: a link that takes the place of a directory that is being read`, (t) => {
    const names = Array.from({ length: 2500 }, (_, index) => `a/b/${index}`);
    const layer = layerBesideAnother(t, names);
    let batches = 0;
    const pace = (_: number, path: string) => {
      if (path !== '/a/b') return;
      batches += 1;
      if (batches === 1) swap(layer, 'a');
    };
    const usage = walk(layer, { unixTime, pace });
    assertOwn(usage);
    assert.equal(batches, 10);
    assert.equal(usage.inodes, 3 + names.length);
  });

  test(`${age}: another directory in the place of one that was seen is not taken for it`, (t) => {
    const layer = layerBesideAnother(t, ['a/f', 'b/f']);
    const pace = (_: number, path: string) => {
      if (path === '') execFileSync('sh', ['-c', 'mv a c && mkdir a && touch a/1 a/2 a/3'], { cwd: layer });
    };
    assert.equal(walk(layer, { unixTime, pace }).inodes, 4);
  });

  test(`${age}: a directory that is moved away while the walk is far below it`, (t) => {
    const deep = Array(50).fill('d').join('/');
    const layer = layerBesideAnother(t, [`a/b/1/${deep}/f`, `a/b/2/${deep}/f`, 'kept/f']);
    const foreign = join(layer, '../foreign');
    mkdirSync(foreign);
    for (const name of ['1', '2']) {
      mkdirSync(join(foreign, name));
      writeFileSync(join(foreign, name, 'secret'), 'x'.repeat(SIZE));
    }
    let moved = '';
    const pace = (_: number, path: string) => {
      if (moved !== '' || !path.endsWith(`/${deep}`)) return;
      moved = path.split('/')[3] ?? '';
      renameSync(join(layer, 'a/b', moved), join(foreign, 'moved'));
    };
    const usage = walk(layer, { unixTime, pace });
    assertOwn(usage);
    assert.notEqual(moved, '');
    assert.ok(usage.directories.some(({ path }) => path === '/kept'));
    // The other one of the two.
    assert.equal(usage.unscanned, 1);
    assert.ok(!usage.directories.some(({ path }) => path === `/a/b/${3 - Number(moved)}`));
  });

  test(`${age}: a hundred walks while a directory and a link change places`, async (t) => {
    const layer = layerBesideAnother(t, ['a/b/f', 'a/b/c/f', 'a/d/f', 'e/f']);
    const link = join(layer, 'link');
    symlinkSync(join(layer, '../other'), link);
    const script = `
      const { renameSync } = require('node:fs');
      process.stdout.write('ready');
      const [a, link] = process.argv.slice(1);
      for (;;) for (const [from, to] of [[a, 'was'], [link, a], [a, link], ['was', a]]) renameSync(from, to);`;
    const swapper = spawn(process.execPath, ['-e', script, join(layer, 'a'), link], {
      cwd: layer,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = new Promise((resolve) => swapper.once('exit', resolve));
    try {
      await new Promise((resolve) => swapper.stdout.once('data', resolve));
      for (let round = 0; round < 100; round += 1) assertOwn(walk(layer, { unixTime }));
    } finally {
      swapper.kill('SIGKILL');
      await ended;
    }
  });
}

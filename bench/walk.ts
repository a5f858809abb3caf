import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Result } from './result.ts';

const DIRECTORIES = 2500;
const FILES_EACH = 400;
const ROUNDS = 3;

/** Walks a million files as the collector does, in a worker thread without a bound on the rate, beside `du -s`. */
export async function benchWalk(): Promise<Result[]> {
  const tree = mkdtempSync(join(tmpdir(), 'foreshock-walk-'));
  try {
    makeTree(tree);
    const ratios: number[] = [];
    // The first round fills the kernel's caches for both.
    for (let round = 0; round <= ROUNDS; round += 1) {
      const du = timeDu(tree);
      const walk = await timeWalk(tree);
      if (round > 0) ratios.push(walk / du);
    }
    const shown = ratios.map((ratio) => ratio.toFixed(2)).join(', ');
    return [{ what: `walk of ${DIRECTORIES * FILES_EACH} files ÷ du -s`, measured: shown, goal: '2' }];
  } finally {
    rmSync(tree, { recursive: true });
  }
}

function makeTree(tree: string): void {
  for (let directory = 0; directory < DIRECTORIES; directory += 1) {
    const path = join(tree, `d${directory % 50}`, `e${directory}`);
    mkdirSync(path, { recursive: true });
    for (let file = 0; file < FILES_EACH; file += 1) writeFileSync(join(path, `file-${file}.log`), '');
  }
}

function timeDu(tree: string): number {
  const start = performance.now();
  execFileSync('du', ['-s', tree]);
  return performance.now() - start;
}

/** The start of the thread included. */
async function timeWalk(tree: string): Promise<number> {
  const start = performance.now();
  const worker = new Worker(new URL('./walk-worker.js', import.meta.url), { workerData: tree });
  await new Promise((resolve, reject) => worker.on('message', resolve).on('error', reject));
  const milliseconds = performance.now() - start;
  await worker.terminate();
  return milliseconds;
}

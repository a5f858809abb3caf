import { spawnSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';

/** The writing end, as a descriptor, of a pipe that nobody reads and that takes no byte more. */
export function fullPipe(t: TestContext): number {
  const directory = mkdtempSync(join(tmpdir(), 'foreshock-'));
  const path = join(directory, 'pipe');
  spawnSync('mkfifo', [path]);
  const reader = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  for (const size of [4096, 1]) fill(reader, size);
  const writer = openSync(path, constants.O_WRONLY);
  t.after(() => {
    closeSync(writer);
    closeSync(reader);
    rmSync(directory, { recursive: true });
  });
  return writer;
}

function fill(pipe: number, size: number): void {
  try {
    for (;;) writeSync(pipe, Buffer.alloc(size));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
  }
}

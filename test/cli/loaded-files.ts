import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MAIN, PROJECT } from '../paths.ts';

/** What a program has loaded. */
export interface LoadedFiles {
  /** Our compiled files, below dist. */
  readonly own: readonly string[];
  /** Names of packages. */
  readonly packages: readonly string[];
}

/** The coverage that V8 writes at the end of a process names each script that it compiled, however it was imported. */
export async function loadedFiles(args: readonly string[]): Promise<LoadedFiles> {
  const directory = mkdtempSync(join(tmpdir(), 'foreshock-loaded-'));
  try {
    const env = { ...process.env, NODE_V8_COVERAGE: directory };
    await once(spawn(process.execPath, [MAIN, ...args], { env, stdio: 'ignore', timeout: 30_000 }), 'exit');
    const urls = readdirSync(directory).flatMap((name) => scriptUrls(readFileSync(join(directory, name), 'utf8')));
    const paths = urls.map((url) => relative(PROJECT, fileURLToPath(url)));
    const packages = paths.map((path) => /(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1]);
    return {
      own: paths
        .filter((path) => path.startsWith('dist/'))
        .map((path) => relative('dist', path))
        .sort(),
      packages: [...new Set(packages.filter((name) => name !== undefined))].sort(),
    };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function scriptUrls(coverage: string): string[] {
  const { result } = JSON.parse(coverage) as { result: { url: string }[] };
  return result.map(({ url }) => url).filter((url) => url.startsWith('file:'));
}

import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Unpacks a package of the npm registry, as `npm@11`, below a directory; resolves to its folder. */
export async function fetchPackage(directory: string, name: string): Promise<string> {
  const target = join(directory, name);
  mkdirSync(target);
  await run('npm', ['pack', '--silent', '--pack-destination', target, name]);
  const [archive = ''] = readdirSync(target);
  await run('tar', ['-C', target, '-xzf', join(target, archive)]);
  return join(target, 'package');
}

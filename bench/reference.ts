import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PROJECT } from '../test/paths.ts';

/** The commit that a name such as HEAD~1 stands for, with changes of the work tree noted as `-dirty`. */
export function describeCommit(name?: string): string {
  const what = name === undefined ? ['--dirty'] : [git('rev-parse', '--verify', `${name}^{commit}`)];
  return git('describe', '--always', '--exclude=*', ...what);
}

/** Builds a commit in a temporary folder, with the packages of this tree where its lockfile is the same; gives the folder. */
export function buildCommit(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'foreshock-build-'));
  execFileSync('tar', ['-x', '-C', folder], { input: execFileSync('git', ['archive', name], ARCHIVE) });
  const lockfile = (root: string) => readFileSync(join(root, 'package-lock.json'), 'utf8');
  if (lockfile(folder) === lockfile(PROJECT)) symlinkSync(join(PROJECT, 'node_modules'), join(folder, 'node_modules'));
  else npm(folder, 'ci');
  npm(folder, 'run', 'build');
  return folder;
}

const ARCHIVE = { cwd: PROJECT, maxBuffer: 2 ** 30 };

/** Its output goes to standard error: the table alone is printed. */
function npm(cwd: string, ...args: string[]): void {
  execFileSync('npm', ['--silent', ...args], { cwd, stdio: ['ignore', process.stderr, process.stderr] });
}

function git(...args: string[]): string {
  return execFileSync('git', args, { cwd: PROJECT, encoding: 'utf8' }).trim();
}

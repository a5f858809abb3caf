import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PROJECT } from './paths.ts';

/** What a copy does not have: what Git does not track, and the installed packages, which it shares. */
const LEFT_OUT = ['.git', 'coverage', 'dist', 'node_modules'];

export interface ProjectCopy {
  readonly root: string;
  remove(): void;
}

/** Copies the project to a temporary folder. */
export function copyProject(): ProjectCopy {
  const root = mkdtempSync(join(tmpdir(), 'foreshock-copy-'));
  const leftOut = new Set(LEFT_OUT.map((name) => join(PROJECT, name)));
  cpSync(PROJECT, root, { recursive: true, filter: (source) => !leftOut.has(source) });
  symlinkSync(join(PROJECT, 'node_modules'), join(root, 'node_modules'));
  return { root, remove: () => rmSync(root, { recursive: true }) };
}

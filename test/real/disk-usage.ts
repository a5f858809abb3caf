import { execFileSync } from 'node:child_process';

/** Allocated bytes of files and directories with all below them, as `du` counts them. */
export function diskUsage(...paths: string[]): number {
  return total('--block-size=1', ...paths);
}

/** Files and directories, with all below them, as `du` counts them. */
export function inodeUsage(...paths: string[]): number {
  return total('--inodes', ...paths);
}

function total(...args: string[]): number {
  const text = execFileSync('du', ['--total', '--summarize', ...args], { encoding: 'utf8' });
  return Number(/^(\d+)\ttotal$/m.exec(text)?.[1]);
}

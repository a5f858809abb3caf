import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { Host } from '../../../../exporter/node/host/host.ts';

/** A file's text, or where a symbolic link leads. */
export type Entry = string | { readonly link: string };

/** A directory that is gone when the test is over; `rm` takes paths longer than a system call does. */
export function temporaryDirectory(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'foreshock-'));
  t.after(() => execFileSync('rm', ['-rf', directory]));
  return directory;
}

const ROOT_MOUNT = '22 1 8:1 / / rw - ext4 /dev/sda1 rw\n';

/**
 * A host of nothing but these files, a process 1 and a mount, by their absolute paths; `root` is its root on this machine. Whoever
 * runs the tests is root on it.
 */
export function temporaryHost(t: TestContext, entries: Record<string, Entry>): { host: Host; root: string } {
  const root = temporaryDirectory(t);
  writeEntries(root, { '/proc/self/mountinfo': ROOT_MOUNT, '/proc/1/environ': '', ...entries });
  return { host: new Host({ procfs: `${root}/proc`, sysfs: `${root}/sys`, rootfs: root }), root };
}

/** Writes files by their absolute paths on the host. */
export function writeEntries(root: string, entries: Record<string, Entry>): void {
  for (const [path, entry] of Object.entries(entries)) {
    mkdirSync(join(root, dirname(path)), { recursive: true });
    if (typeof entry === 'string') writeFileSync(join(root, path), entry);
    else symlinkSync(entry.link, join(root, path));
  }
}

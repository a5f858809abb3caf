import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';

/** Programs that `shareRootMount` needs. */
export const SHARED_ROOT_PROGRAMS = ['unshare', 'mount', 'umount', 'grep', 'tac'];

/**
 * Makes every `dockerd` that this test starts run in a mount namespace of its own with a shared root mount: Docker takes
 * `-v /:/host:rslave` only below one, as systemd makes it, and a machine without systemd has none.
 *
 * The namespace lets go of what is mounted in the temporary directory: other tests wait for their file systems to be
 * unmounted, which one that is mounted elsewhere too never really is.
 */
export function shareRootMount(t: TestContext): void {
  const directory = mkdtempSync(join(tmpdir(), 'foreshock-path-'));
  const program = join(directory, 'dockerd');
  writeFileSync(program, wrapper(execFileSync('which', ['dockerd'], { encoding: 'utf8' }).trim()));
  chmodSync(program, 0o755);
  const path = process.env.PATH;
  process.env.PATH = `${directory}:${path}`;
  t.after(() => {
    process.env.PATH = path;
    rmSync(directory, { recursive: true });
  });
}

function wrapper(dockerd: string): string {
  return `#!/bin/sh
exec unshare --mount --propagation private sh -c '
  grep -o " ${tmpdir()}/[^ ]*" /proc/self/mounts | tac | while read -r mount_point; do
    umount --no-canonicalize --lazy "$mount_point"
  done
  mount --make-rshared /
  exec ${dockerd} "$@"
' dockerd "$@"
`;
}

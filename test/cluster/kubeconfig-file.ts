import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';

export type Settings = Record<string, unknown>;

/** A directory for kubeconfig files and what they name. */
export function directoryOf(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'foreshock-kubeconfig-'));
  t.after(() => rmSync(directory, { recursive: true }));
  return directory;
}

/** Writes a file with one cluster and one user. JSON is YAML. */
export function writeKubeconfig(
  directory: string,
  cluster: Settings,
  user: Settings | null,
  more: Settings = {},
): string {
  const path = join(directory, 'config');
  const file = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'here',
    contexts: [
      { name: 'here', context: { cluster: 'c', user: 'u' } },
      { name: 'nobody', context: { cluster: 'c' } },
    ],
    clusters: [{ name: 'c', cluster }],
    users: [{ name: 'u', user }],
    ...more,
  };
  writeFileSync(path, JSON.stringify(file));
  return path;
}

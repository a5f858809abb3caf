import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Certificates } from '../api-server/certificates.ts';

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

/** A kubeconfig with a client's certificate for the server at a URL; returns its path. */
export function writeClientKubeconfig(directory: string, server: string, { authority, client }: Certificates): string {
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  const user = { 'client-certificate-data': base64(client.cert), 'client-key-data': base64(client.key) };
  return writeKubeconfig(directory, { server, 'certificate-authority-data': base64(authority.cert) }, user);
}

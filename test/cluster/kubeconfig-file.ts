import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Certificates } from './certificates.ts';

/** Writes a kubeconfig with a client's certificate for the server at a URL; returns its path. */
export function writeKubeconfig(directory: string, server: string, { authority, client }: Certificates): string {
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  const user = { 'client-certificate-data': base64(client.cert), 'client-key-data': base64(client.key) };
  const path = join(directory, 'kubeconfig');
  const kubeconfig = {
    'current-context': 'test',
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'client' } }],
    clusters: [{ name: 'test', cluster: { server, 'certificate-authority-data': base64(authority.cert) } }],
    users: [{ name: 'client', user }],
  };
  writeFileSync(path, JSON.stringify(kubeconfig));
  return path;
}

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A certificate with its key, PEM both. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** An authority of our own, and what it has signed. */
export interface Certificates {
  readonly authority: Certificate;
  /** For 127.0.0.1, ::1 and localhost. */
  readonly server: Certificate;
  readonly client: Certificate;
}

const ADDRESSES = 'subjectAltName=IP:127.0.0.1,IP:0:0:0:0:0:0:0:1,DNS:localhost,DNS:kubernetes.default.svc';

/** Makes an authority, and certificates of it for a server and for a client. */
export function makeCertificates(): Certificates {
  const directory = mkdtempSync(join(tmpdir(), 'foreshock-tls-'));
  try {
    const authority = selfSigned(directory, 'authority');
    return {
      authority,
      server: signed(directory, 'server', ADDRESSES),
      client: signed(directory, 'client', 'extendedKeyUsage=clientAuth'),
    };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function selfSigned(directory: string, name: string): Certificate {
  openssl(directory, [...newRequest(name), '-x509', '-days', '2', '-out', `${name}.pem`]);
  return read(directory, name);
}

function signed(directory: string, name: string, extension: string): Certificate {
  openssl(directory, [...newRequest(name), '-out', `${name}.csr`]);
  writeFileSync(join(directory, `${name}.ext`), extension);
  const authority = ['-CA', 'authority.pem', '-CAkey', 'authority.key', '-CAcreateserial'];
  const files = ['-in', `${name}.csr`, '-out', `${name}.pem`, '-extfile', `${name}.ext`];
  openssl(directory, ['x509', '-req', '-days', '2', ...authority, ...files]);
  return read(directory, name);
}

function newRequest(name: string): string[] {
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-noenc'];
  return ['req', ...curve, '-subj', `/CN=${name}`, '-keyout', `${name}.key`];
}

function openssl(cwd: string, args: readonly string[]): void {
  const { status, stderr } = spawnSync('openssl', args, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`openssl ${args[0]}: ${stderr}`);
}

function read(directory: string, name: string): Certificate {
  const file = (suffix: string) => readFileSync(join(directory, `${name}.${suffix}`), 'utf8');
  return { cert: file('pem'), key: file('key') };
}

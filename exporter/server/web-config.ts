import { dirname, resolve } from 'node:path';
import type { SecureVersion } from 'node:tls';
import { UsageError } from '../config/usage-error.ts';
import { parseYamlMapping, readYamlMapping } from '../config/yaml.ts';

/**
 * The parts of exporter-toolkit's web configuration that Foreshock supports
 * (https://github.com/prometheus/exporter-toolkit/blob/master/docs/web-configuration.md).
 */
export interface WebConfig {
  readonly tls?: TlsFiles;
  /** bcrypt hashes by user. */
  readonly users: ReadonlyMap<string, string>;
  readonly headers: Readonly<Record<string, string>>;
}

export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
  readonly clientCa: string | undefined;
  readonly requestCert: boolean;
  readonly rejectUnauthorized: boolean;
  readonly minVersion: SecureVersion;
  readonly maxVersion: SecureVersion;
}

/**
 * `client_auth_type`: whether a client certificate is requested, and whether connections without a valid one are
 * refused.
 */
const CLIENT_AUTH: Record<string, { requestCert: boolean; rejectUnauthorized: boolean }> = {
  NoClientCert: { requestCert: false, rejectUnauthorized: false },
  RequestClientCert: { requestCert: true, rejectUnauthorized: false },
  RequireAndVerifyClientCert: { requestCert: true, rejectUnauthorized: true },
};

const TLS_VERSIONS: Record<string, SecureVersion> = {
  TLS10: 'TLSv1',
  TLS11: 'TLSv1.1',
  TLS12: 'TLSv1.2',
  TLS13: 'TLSv1.3',
};

/** Without a file it is plain HTTP without authentication. */
export const NO_WEB_CONFIG: WebConfig = { users: new Map(), headers: {} };

/** Reads and parses the file, if there is one. Throws `UsageError`. */
export function readWebConfig(path: string): WebConfig {
  return path === '' ? NO_WEB_CONFIG : webConfig(path, readYamlMapping(path));
}

/** Parses the text of the file at `path`. Throws `UsageError` for unknown keys and invalid values. */
export function parseWebConfig(path: string, text: string): WebConfig {
  return webConfig(path, parseYamlMapping(path, text));
}

function webConfig(path: string, mapping: Record<string, unknown>): WebConfig {
  const file = section(path, mapping, ['tls_server_config', 'http_server_config', 'basic_auth_users']);
  const http = section(`${path}: http_server_config`, file.http_server_config, ['http2', 'headers']);
  const tls = file.tls_server_config;
  return {
    ...(tls !== undefined && { tls: tlsFiles(path, tls) }),
    users: users(path, file.basic_auth_users),
    headers: textValues(path, 'headers', http.headers),
  };
}

function users(path: string, value: unknown): Map<string, string> {
  const hashes = Object.entries(textValues(path, 'basic_auth_users', value));
  for (const [user, hash] of hashes) {
    if (!/^\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}$/.test(hash)) {
      throw new UsageError(`${path}: the password of ${user} must be a bcrypt hash`);
    }
  }
  return new Map(hashes);
}

function tlsFiles(path: string, value: unknown): TlsFiles {
  const known = ['cert_file', 'key_file', 'client_auth_type', 'client_ca_file', 'min_version', 'max_version'];
  const tls = textValues(path, 'tls_server_config', section(`${path}: tls_server_config`, value, known));
  const inConfigDirectory = (file: string) => resolve(dirname(path), file);
  const [cert, key, clientCa] = [tls.cert_file, tls.key_file, tls.client_ca_file];
  if (!cert || !key) throw new UsageError(`${path}: tls_server_config needs cert_file and key_file`);
  const auth = lookUp(path, 'client_auth_type', CLIENT_AUTH, tls.client_auth_type || 'NoClientCert');
  if (auth.rejectUnauthorized && !clientCa) throw new UsageError(`${path}: client_auth_type needs client_ca_file`);
  return {
    ...auth,
    cert: inConfigDirectory(cert),
    key: inConfigDirectory(key),
    clientCa: clientCa ? inConfigDirectory(clientCa) : undefined,
    minVersion: lookUp(path, 'min_version', TLS_VERSIONS, tls.min_version || 'TLS12'),
    maxVersion: lookUp(path, 'max_version', TLS_VERSIONS, tls.max_version || 'TLS13'),
  };
}

/** A mapping with only known keys; `about` starts the message of the `UsageError`. */
function section(about: string, value: unknown, known: readonly string[]): Record<string, unknown> {
  if (value === undefined || value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value)) throw new UsageError(`${about} must be a mapping`);
  for (const key of Object.keys(value)) {
    if (!known.includes(key))
      throw new UsageError(`${about}: unknown key ${JSON.stringify(key)}; known keys are ${known.join(', ')}`);
  }
  return value as Record<string, unknown>;
}

function textValues(path: string, name: string, value: unknown): Record<string, string> {
  if (value !== undefined && value !== null && (typeof value !== 'object' || Array.isArray(value)))
    throw new UsageError(`${path}: ${name} must be a mapping`);
  const entries = Object.entries((value ?? {}) as Record<string, unknown>);
  for (const [key, text] of entries) {
    if (typeof text !== 'string') throw new UsageError(`${path}: ${key} must be text`);
  }
  return Object.fromEntries(entries) as Record<string, string>;
}

function lookUp<Value>(path: string, key: string, table: Record<string, Value>, name: string): Value {
  const value = Object.hasOwn(table, name) ? table[name] : undefined;
  if (value === undefined)
    throw new UsageError(`${path}: ${key} must be one of ${Object.keys(table).join(', ')}, not ${name}`);
  return value;
}

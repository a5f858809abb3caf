import { dirname, resolve } from 'node:path';
import { UsageError } from '../../config/usage-error.ts';
import { readYamlMapping } from '../../config/yaml.ts';
import { property } from '../../formats/json.ts';
import { parseKubernetesYaml } from '../../formats/kubernetes-yaml.ts';
import { type Access, type Credentials, fileSource, type Source } from './access.ts';
import type { Clock } from './clock.ts';
import { ExecPlugin } from './exec-plugin.ts';
import { Section } from './kubeconfig-section.ts';

/** Settings of a user that Foreshock does not support. */
const UNSUPPORTED_USER_SETTINGS = ['auth-provider', 'as', 'as-uid', 'as-groups', 'as-user-extra'];

/**
 * Access by a kubeconfig file (client-go, tools/clientcmd/api/v1), in its current context unless another is named.
 * Throws `UsageError` for settings that are missing or not supported, and for files in it that cannot be read.
 */
export async function kubeconfig(path: string, clock: Clock, contextName?: string): Promise<Access> {
  const file = readYamlMapping(path, parseKubernetesYaml);
  const name = contextName ?? currentContext(path, file);
  const context = findEntry(path, file, 'context', name);
  const clusterName = context.required('cluster');
  const cluster = findEntry(path, file, 'cluster', clusterName);
  const userName = context.text('user');
  const user = userName === undefined ? new Section(`${path}: no user`, {}) : findEntry(path, file, 'user', userName);
  const directory = dirname(resolve(path));
  const server = serverOf(cluster);
  const tls = tlsOf(cluster, user, directory);
  const token = tokenOf(user, directory);
  const plugin = ExecPlugin.ofUser(user, directory, clock);
  const credentials = async (): Promise<Credentials> => {
    const fromFile = { tls: await tls(), ...authorization(await token()) };
    if (!plugin) return fromFile;
    const fromPlugin = await plugin.credentials();
    return { ...fromFile, ...fromPlugin, tls: { ...fromFile.tls, ...fromPlugin.tls } };
  };
  await checkFiles(tls, token);
  const source = userName === undefined ? path : `user ${JSON.stringify(userName)} of ${path}`;
  return { server, source, credentials, ...(plugin && { invalidate: () => plugin.forget() }) };
}

function currentContext(path: string, file: Record<string, unknown>): string {
  const name = file['current-context'];
  if (typeof name === 'string' && name !== '') return name;
  throw new UsageError(`${path}: current-context is not set: set it with kubectl config use-context`);
}

/** The entry of `contexts`, `clusters` or `users` with this name. */
function findEntry(path: string, file: Record<string, unknown>, kind: string, name: string): Section {
  const list = file[`${kind}s`];
  const entries: unknown[] = Array.isArray(list) ? list : [];
  const entry = entries.find((candidate) => property(candidate, 'name') === name);
  if (entry !== undefined) return new Section(`${path}: ${kind} ${JSON.stringify(name)}`, property(entry, kind));
  const others = entries.map((candidate) => JSON.stringify(property(candidate, 'name') ?? ''));
  const known = others.length > 0 ? `it has ${others.join(', ')}` : `it has no ${kind}s`;
  throw new UsageError(`${path}: no ${kind} is named ${JSON.stringify(name)}: ${known}`);
}

function serverOf(cluster: Section): URL {
  cluster.refuse(['proxy-url'], 'is not supported: use an address that is reachable directly');
  const server = cluster.required('server');
  const url = URL.canParse(server) ? new URL(server) : undefined;
  if (url?.protocol === 'https:' || url?.protocol === 'http:') return url;
  throw new UsageError(`${cluster.about}: server must be an https or http URL, not ${JSON.stringify(server)}`);
}

function tlsOf(cluster: Section, user: Section, directory: string): () => Promise<Credentials['tls']> {
  const ca = pem(cluster, 'certificate-authority', directory);
  const cert = pem(user, 'client-certificate', directory);
  const key = pem(user, 'client-key', directory);
  if ((cert === undefined) !== (key === undefined)) {
    throw new UsageError(`${user.about}: client-certificate and client-key must be set together`);
  }
  const insecure = cluster.flag('insecure-skip-tls-verify');
  if (insecure && ca) {
    throw new UsageError(
      `${cluster.about}: certificate-authority has no effect with insecure-skip-tls-verify: remove one of them`,
    );
  }
  const servername = cluster.text('tls-server-name');
  return async () => ({
    ...(ca && { ca: await ca() }),
    ...(cert && { cert: await cert() }),
    ...(key && { key: await key() }),
    ...(servername !== undefined && { servername }),
    ...(insecure && { rejectUnauthorized: false }),
  });
}

/** `<name>-data`, in base64, has priority over the file in `<name>`. */
function pem(section: Section, name: string, directory: string): Source | undefined {
  const data = section.text(`${name}-data`);
  if (data !== undefined) {
    const text = Buffer.from(data, 'base64').toString();
    if (!text.includes('-----BEGIN')) throw new UsageError(`${section.about}: ${name}-data must be PEM in base64`);
    return async () => text;
  }
  const file = section.text(name);
  return file === undefined ? undefined : fileSource(resolve(directory, file), `${section.about}: ${name}`);
}

/** The file has priority over the token, as in client-go; a password is for proxies that ask for one. */
function tokenOf(user: Section, directory: string): () => Promise<string | undefined> {
  user.refuse(UNSUPPORTED_USER_SETTINGS, 'is not supported: use a token, a certificate or exec');
  const file = user.text('tokenFile');
  if (file !== undefined) {
    const read = fileSource(resolve(directory, file), `${user.about}: tokenFile`);
    return async () => `Bearer ${(await read()).trim()}`;
  }
  const token = user.text('token');
  if (token !== undefined) return async () => `Bearer ${token}`;
  const name = user.text('username');
  if (name === undefined) return async () => undefined;
  const basic = Buffer.from(`${name}:${user.text('password') ?? ''}`).toString('base64');
  return async () => `Basic ${basic}`;
}

function authorization(value: string | undefined): Pick<Credentials, 'authorization'> {
  return value === undefined ? {} : { authorization: value };
}

/** Reads each file once, so that one that cannot be read is reported at the start and not with every request. */
async function checkFiles(...sources: (() => Promise<unknown>)[]): Promise<void> {
  try {
    for (const read of sources) await read();
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

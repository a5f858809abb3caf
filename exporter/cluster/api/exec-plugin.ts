import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { UsageError } from '../../config/usage-error.ts';
import { property, stringProperty } from '../../formats/json.ts';
import type { Credentials } from './access.ts';
import type { Clock } from './clock.ts';
import type { Section } from './kubeconfig-section.ts';

const VERSIONS = ['client.authentication.k8s.io/v1', 'client.authentication.k8s.io/v1beta1'];

const TIMEOUT_SECONDS = 30;

/** Bytes that the program may print. */
const MAX_OUTPUT_BYTES = 1024 * 1024;

/** How long before its credentials expire the program runs again. */
const RENEW_BEFORE_EXPIRY_SECONDS = 10;

/** A user's `exec`: a program that prints an ExecCredential (client-go, pkg/apis/clientauthentication/v1). */
export class ExecPlugin {
  readonly #about: string;
  readonly #run: () => Promise<string>;
  readonly #clock: Clock;
  /** The last credentials, and when they expire in seconds of Unix time. */
  #last: { readonly credentials: Promise<Credentials>; expiresAt: number } | undefined;

  /** The plugin of a user that has one. Throws `UsageError` if it needs a terminal or an unknown version of the API. */
  static ofUser(user: Section, directory: string, clock: Clock): ExecPlugin | undefined {
    const exec = user.get('exec');
    if (exec === undefined || exec === null) return undefined;
    const about = `${user.about}: exec`;
    const version = stringProperty(exec, 'apiVersion') ?? '';
    const command = stringProperty(exec, 'command');
    if (!VERSIONS.includes(version)) throw new UsageError(`${about}: apiVersion must be ${VERSIONS.join(' or ')}`);
    if (!command) throw new UsageError(`${about}: command is not set`);
    if (property(exec, 'interactiveMode') === 'Always') {
      throw new UsageError(`${about}: interactiveMode Always needs a terminal; use a token or a certificate`);
    }
    return new ExecPlugin(about, clock, version, command.includes('/') ? resolve(directory, command) : command, exec);
  }

  private constructor(about: string, clock: Clock, version: string, command: string, exec: unknown) {
    this.#about = `${about} (${command})`;
    this.#clock = clock;
    const args = strings(property(exec, 'args'));
    const info = { apiVersion: version, kind: 'ExecCredential', spec: { interactive: false } };
    const env = { ...process.env, ...variables(property(exec, 'env')), KUBERNETES_EXEC_INFO: JSON.stringify(info) };
    const options = {
      timeout: TIMEOUT_SECONDS * 1000,
      maxBuffer: MAX_OUTPUT_BYTES,
      killSignal: 'SIGKILL',
      env,
    } as const;
    this.#run = async () => (await promisify(execFile)(command, args, options)).stdout;
  }

  /** The program's credentials: the last ones until they expire, and one run for all requests that come meanwhile. */
  credentials(): Promise<Credentials> {
    if (this.#last && this.#unixTime() < this.#last.expiresAt - RENEW_BEFORE_EXPIRY_SECONDS)
      return this.#last.credentials;
    const result = this.#runOnce();
    const last = { credentials: result.then(({ credentials }) => credentials), expiresAt: Number.POSITIVE_INFINITY };
    this.#last = last;
    result.then(
      ({ expiresAt }) => {
        last.expiresAt = expiresAt;
      },
      () => {
        if (this.#last === last) this.#last = undefined;
      },
    );
    return last.credentials;
  }

  /** The next request runs the program again. */
  forget(): void {
    this.#last = undefined;
  }

  #unixTime(): number {
    return this.#clock.unixTime(this.#clock.now());
  }

  async #runOnce(): Promise<{ credentials: Credentials; expiresAt: number }> {
    let status: unknown;
    try {
      status = property(JSON.parse(await this.#run()), 'status');
    } catch (error) {
      const { killed, message } = error as Error & { killed?: boolean };
      const reason = killed ? `not finished within ${TIMEOUT_SECONDS} s` : message.trim().replaceAll('\n', ' ');
      throw new Error(`${this.#about} printed no ExecCredential: ${reason}`);
    }
    const token = stringProperty(status, 'token');
    const cert = stringProperty(status, 'clientCertificateData');
    const key = stringProperty(status, 'clientKeyData');
    if (!token && !(cert && key))
      throw new Error(`${this.#about} printed an ExecCredential without token or certificate`);
    const expiresAt = Date.parse(stringProperty(status, 'expirationTimestamp') ?? '') / 1000;
    return {
      credentials: { tls: cert && key ? { cert, key } : {}, ...(token && { authorization: `Bearer ${token}` }) },
      expiresAt: Number.isNaN(expiresAt) ? Number.POSITIVE_INFINITY : expiresAt,
    };
  }
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function variables(value: unknown): Record<string, string> {
  const list: unknown[] = Array.isArray(value) ? value : [];
  return Object.fromEntries(list.map((entry) => [String(property(entry, 'name')), String(property(entry, 'value'))]));
}

import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { UsageError } from '../../config/usage-error.ts';
import { property, stringProperty } from '../../formats/json.ts';
import type { Credentials } from './access.ts';
import type { Clock } from './clock.ts';
import type { Section } from './kubeconfig-section.ts';

const VERSIONS = ['client.authentication.k8s.io/v1', 'client.authentication.k8s.io/v1beta1'];

/** Milliseconds that the program may take, and bytes that it may print. */
const LIMITS = { timeout: 30_000, maxBuffer: 1024 * 1024, killSignal: 'SIGKILL' } as const;

/** Seconds before they expire when credentials are asked for anew. */
const EARLY = 10;

/** A user's `exec`: a program prints an ExecCredential (client-go, pkg/apis/clientauthentication/v1). */
export class ExecPlugin {
  readonly #about: string;
  readonly #run: () => Promise<string>;
  readonly #clock: Clock;
  #last: { readonly credentials: Promise<Credentials>; expires: number } | undefined;

  /** The user's plugin, if it has one. Throws `UsageError` for one that needs a terminal or an unknown version. */
  static of(user: Section, directory: string, clock: Clock): ExecPlugin | undefined {
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
    this.#run = async () => (await promisify(execFile)(command, args, { ...LIMITS, env })).stdout;
  }

  /** The program's credentials: the last ones until they expire, the same for all who ask while it runs. */
  credentials(): Promise<Credentials> {
    if (this.#last && this.#clock.now() < this.#last.expires - EARLY) return this.#last.credentials;
    const answer = this.#ask();
    const last = { credentials: answer.then(({ credentials }) => credentials), expires: Number.POSITIVE_INFINITY };
    this.#last = last;
    answer.then(
      ({ expires }) => {
        last.expires = expires;
      },
      () => {
        if (this.#last === last) this.#last = undefined;
      },
    );
    return last.credentials;
  }

  /** The next request asks the program again. */
  forget(): void {
    this.#last = undefined;
  }

  async #ask(): Promise<{ credentials: Credentials; expires: number }> {
    let status: unknown;
    try {
      status = property(JSON.parse(await this.#run()), 'status');
    } catch (error) {
      const { killed, message } = error as Error & { killed?: boolean };
      const why = killed ? `no end within ${LIMITS.timeout / 1000} s` : message.trim().replaceAll('\n', ' ');
      throw new Error(`${this.#about} gave no ExecCredential: ${why}`);
    }
    const token = stringProperty(status, 'token');
    const cert = stringProperty(status, 'clientCertificateData');
    const key = stringProperty(status, 'clientKeyData');
    if (!token && !(cert && key)) throw new Error(`${this.#about} gave an ExecCredential without token or certificate`);
    const expires = Date.parse(stringProperty(status, 'expirationTimestamp') ?? '') / 1000;
    return {
      credentials: { tls: cert && key ? { cert, key } : {}, ...(token && { authorization: `Bearer ${token}` }) },
      expires: Number.isNaN(expires) ? Number.POSITIVE_INFINITY : expires,
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

import { unwatchFile, watchFile } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createSecureContext, type TlsOptions } from 'node:tls';
import { UsageError } from '../config/usage-error.ts';
import { NO_WEB_CONFIG, parseWebConfig, type TlsFiles, type WebConfig } from './web-config.ts';

/** Each file is looked at so often, by stat(2) in a thread of libuv. */
const WATCH_INTERVAL_MS = 1000;

/** A web configuration with the contents of the files that it names. */
export interface LoadedWebConfig extends WebConfig {
  readonly tlsOptions?: TlsOptions;
}

/** The web configuration of a file, and of the certificates that it names. */
export class WebConfigFile {
  readonly #path: string;
  readonly #changed = () => this.onChange();
  #current: LoadedWebConfig = NO_WEB_CONFIG;
  #watched: readonly string[] = [];
  #loading: Promise<void> = Promise.resolve();

  /** Called when a file has changed. */
  onChange: () => void = () => {};

  /** Without a `path` it is plain HTTP without authentication. */
  constructor(path: string) {
    this.#path = path;
  }

  /** What was last loaded without an error. */
  get current(): LoadedWebConfig {
    return this.#current;
  }

  /** Reads the files, again if need be. Rejects with `UsageError`; `current` then stays as it was. */
  load(): Promise<void> {
    const loading = this.#loading.then(() => this.#load());
    this.#loading = loading.catch(() => undefined);
    return loading;
  }

  /** Watches the files no more. */
  close(): void {
    this.#watch([]);
  }

  async #load(): Promise<void> {
    if (this.#path === '') return;
    // Each file is watched before it is read, so that a change meanwhile is seen, and a missing file when it comes.
    this.#watch([...new Set([this.#path, ...this.#watched])]);
    const config = parseWebConfig(this.#path, await readText(this.#path));
    const { cert, key, clientCa } = config.tls ?? {};
    this.#watch([this.#path, cert, key, clientCa].filter((file) => file !== undefined));
    this.#current = config.tls ? { ...config, tlsOptions: await loadTls(config.tls) } : config;
  }

  #watch(files: readonly string[]): void {
    for (const file of this.#watched) if (!files.includes(file)) unwatchFile(file, this.#changed);
    for (const file of files) {
      if (this.#watched.includes(file)) continue;
      watchFile(file, { interval: WATCH_INTERVAL_MS, persistent: false }, this.#changed);
    }
    this.#watched = files;
  }
}

async function loadTls({ cert, key, clientCa, ...rest }: TlsFiles): Promise<TlsOptions> {
  const [certText, keyText, caText] = await Promise.all([cert, key, clientCa].map((file) => file && readText(file)));
  const options = { ...rest, cert: certText, key: keyText, ca: caText };
  try {
    createSecureContext(options);
  } catch (error) {
    throw new UsageError(`cannot use certificate ${cert} with key ${key}: ${(error as Error).message.trim()}`);
  }
  return options;
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new UsageError(`cannot read ${file}: ${(error as Error).message}`);
  }
}

import { createHash } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import type { Logger } from 'pino';
import { parseJson, property, stringProperty } from '../../formats/json.ts';
import { VERSION } from '../../version.ts';
import { isAbsence } from '../host/absence.ts';
import { readNamedByUser } from '../host/untrusted-file.ts';

/** What a collector's runs leave to the next process. */
export interface SavedStatus {
  /** For `deserialize` of node:v8. */
  readonly state: Uint8Array | undefined;
  readonly timeouts: number;
  /** Unix time in seconds. */
  readonly succeededAt: number | undefined;
}

/** By collector. */
export type SavedStatuses = ReadonlyMap<string, SavedStatus>;

/** That of 250 containers takes 1 MB. */
const MAX_BYTES = 32 * 1024 ** 2;

/** Whose state it is: another version may read it otherwise, and clocks, processes and cgroups begin anew with the host. */
const MADE_BY = `foreshock ${VERSION}, Node.js ${process.version}`;

/**
 * What collectors remember, kept in a file between two runs with `--once`, so that their counters go on. The file is
 * a digest in hexadecimal, a newline, and the JSON text that it is of.
 */
export class StateFile {
  readonly #path: string;
  readonly #bootId: string;
  readonly #log: Logger;

  /** `bootId` is that of the host as it runs now, such as `/proc/sys/kernel/random/boot_id` has it. */
  constructor(path: string, bootId: string, log: Logger) {
    this.#path = path;
    this.#bootId = bootId;
    this.#log = log;
  }

  /** What the last run left; nothing, and a warning, when that makes no sense or the host has booted since. */
  async read(): Promise<SavedStatuses> {
    try {
      const text = await readNamedByUser(this.#path, MAX_BYTES, true);
      return this.#parse(text);
    } catch (error) {
      if (isAbsence(error)) this.#log.info({ file: this.#path }, 'no state file yet; counters begin at 0');
      else this.#warn('state file ignored; counters begin at 0', error);
      return new Map();
    }
  }

  /** Replaces the file at once, or leaves the old one as it is and logs why. */
  async write(statuses: SavedStatuses): Promise<void> {
    const text = this.#print(statuses);
    // Always the same, so that a run that is killed leaves one at most.
    const temporary = `${this.#path}.tmp`;
    try {
      if (text.length > MAX_BYTES) throw new Error(`larger than ${MAX_BYTES} bytes`);
      await rm(temporary, { force: true });
      const file = await open(temporary, 'wx', 0o600);
      try {
        await file.writeFile(text);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(temporary, this.#path);
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => {});
      this.#warn('state file not written', error);
    }
  }

  #print(statuses: SavedStatuses): string {
    const collectors = [...statuses].map(([name, { state, ...rest }]) => [
      name,
      { ...rest, ...(state && { state: Buffer.from(state).toString('base64') }) },
    ]);
    const json = JSON.stringify({ madeBy: MADE_BY, bootId: this.#bootId, collectors: Object.fromEntries(collectors) });
    return `${digestOf(json)}\n${json}`;
  }

  #parse(text: string): SavedStatuses {
    const [, digest, json = ''] = /^([0-9a-f]{64})\n(.*)$/s.exec(text) ?? [];
    if (digest === undefined || digest !== digestOf(json)) throw new Error('damaged, or no state file');
    const saved = parseJson(json);
    if (stringProperty(saved, 'madeBy') !== MADE_BY) throw new Error(`not of this version (${MADE_BY})`);
    if (stringProperty(saved, 'bootId') !== this.#bootId) throw new Error('the host has booted since');
    return new Map(
      Object.entries(property(saved, 'collectors') ?? {}).map(([name, status]) => [name, parseStatus(status)]),
    );
  }

  #warn(message: string, error: unknown): void {
    this.#log.warn({ file: this.#path, error: error instanceof Error ? error.message : String(error) }, message);
  }
}

function parseStatus(status: unknown): SavedStatus {
  const state = stringProperty(status, 'state');
  const succeededAt = property(status, 'succeededAt');
  return {
    state: state === undefined ? undefined : Buffer.from(state, 'base64'),
    timeouts: Number(property(status, 'timeouts') ?? 0),
    succeededAt: typeof succeededAt === 'number' ? succeededAt : undefined,
  };
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

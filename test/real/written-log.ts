import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** How a log file is made up of records, each with its bytes. */
export type LogFormat = (file: Buffer) => Buffer[];

/** Docker's `json-file`: a line of JSON a record. */
export const jsonFileRecords: LogFormat = (file) => {
  const records: Buffer[] = [];
  for (let start = 0, end = file.indexOf('\n'); end !== -1; start = end + 1, end = file.indexOf('\n', start)) {
    records.push(file.subarray(start, end + 1));
  }
  return records;
};

/** Docker's `local`: each record between two copies of its length (moby, daemon/logger/local, marshal). */
export const localRecords: LogFormat = (file) => {
  const records: Buffer[] = [];
  let start = 0;
  while (start + 4 <= file.length) {
    const end = start + file.readUInt32BE(start) + 8;
    if (end > file.length) break;
    records.push(file.subarray(start, end));
    start = end;
  }
  return records;
};

/** All records that were ever written to a log, remembered when rotation deletes them; no two may be alike. */
export class WrittenLog {
  readonly #active: string;
  readonly #format: LogFormat;
  readonly #lengths = new Map<string, number>();

  constructor(active: string, format: LogFormat) {
    this.#active = active;
    this.#format = format;
  }

  /** Looks at the files again; each record must be there at one look at least. */
  look(): { records: number; bytes: number } {
    for (const file of this.files()) {
      for (const record of this.#format(file)) this.#lengths.set(record.toString('latin1'), record.length);
    }
    const lengths = [...this.#lengths.values()];
    return { records: lengths.length, bytes: lengths.reduce((sum, length) => sum + length, 0) };
  }

  /** What is in the files now, uncompressed. */
  files(): Buffer[] {
    const directory = dirname(this.#active);
    const names = readdirSync(directory).filter((name) => name.startsWith(basename(this.#active)));
    return names.map((name) => readDuringRotation(join(directory, name)));
  }
}

/** A file that rotation has just renamed or not yet compressed to the end reads as empty: the next look finds it. */
function readDuringRotation(path: string): Buffer {
  try {
    const content = readFileSync(path);
    return path.endsWith('.gz') ? gunzipSync(content) : content;
  } catch {
    return Buffer.alloc(0);
  }
}

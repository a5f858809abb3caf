import { parseArgs } from 'node:util';

/** What `npm run bench` was asked for. */
export interface Arguments {
  /** Names of benches; all of `known` unless some are given. */
  readonly names: readonly string[];
  /** A commit of git whose build is measured in turn with this one. */
  readonly against: string | undefined;
  readonly rounds: number;
  /** A Markdown document whose sections are written, rather than the standard output. */
  readonly into: string | undefined;
}

/** Throws an error that says what is wrong with them. */
export function parseArguments(args: readonly string[], known: readonly string[]): Arguments {
  const { positionals, values } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { against: { type: 'string' }, rounds: { type: 'string' }, into: { type: 'string' } },
  });
  const unknown = positionals.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new Error(`no bench is called ${unknown}: they are ${known.join(', ')}`);
  const { against, into, rounds = against === undefined ? '1' : '3' } = values;
  if (!/^[1-9]\d*$/.test(rounds)) throw new Error(`--rounds takes a number from 1, not ${rounds}`);
  return { names: positionals.length > 0 ? positionals : known, against, rounds: Number(rounds), into };
}

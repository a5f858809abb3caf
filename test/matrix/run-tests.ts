import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { PROJECT } from '../paths.ts';
import type { Outcome } from './part.ts';
import { parseTap } from './tap.ts';

const TESTS = join(PROJECT, 'dist/test');

export interface Options {
  /** Node.js that runs them; the one of this process unless it is given. */
  readonly node?: string;
  /** Folders of programs, looked at before those of PATH. */
  readonly path?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** The compiled tests whose paths below test/ begin with one of these, as `rules/signatures/`; all without any. */
export function testFiles(...prefixes: readonly string[]): string[] {
  return readdirSync(TESTS, { recursive: true, encoding: 'utf8' })
    .filter(
      (file) => file.endsWith('.test.js') && (prefixes.length === 0 || prefixes.some((one) => file.startsWith(one))),
    )
    .map((file) => join(TESTS, file))
    .sort();
}

/** The arguments of Node.js by which it runs test files and reports as `outcomeOf` reads it. */
export const TEST_FLAGS = ['--enable-source-maps', '--test', '--test-reporter=tap'];

/** Runs test files. */
export async function runTests(files: readonly string[], { node, path = [], env }: Options = {}): Promise<Outcome> {
  const child = spawn(node ?? process.execPath, [...TEST_FLAGS, '--test-concurrency=3', ...files], {
    cwd: PROJECT,
    env: { ...process.env, PATH: [...path, process.env.PATH].join(':'), ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return outcomeOf(await text(child.stdout), env?.UNIT !== undefined);
}

/** A test that was skipped has failed, unless skipped ones are meant to be left out. */
export function outcomeOf(tap: string, leavesOut = false): Outcome {
  const { passed, failures, skipped } = parseTap(tap);
  const wrong = [
    ...failures,
    ...(leavesOut ? [] : skipped.map(({ test, error }) => ({ test, error: `skipped: ${error}` }))),
  ];
  if (wrong.length > 0) return { result: 'failed', tests: passed + failures.length, failures: wrong };
  if (passed === 0) throw new Error('no test has run');
  return { result: 'passed', tests: passed, leftOut: skipped.length };
}

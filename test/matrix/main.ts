import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeMachine } from '../../bench/machine.ts';
import { PROJECT } from '../paths.ts';
import { type DebianRelease, openRelease, RELEASES, type Suite } from './debian.ts';
import { parts } from './index.ts';
import type { Part, Row } from './part.ts';
import { lineOf, reportOf } from './report.ts';

/**
 * `npm run matrix -- [PART...]`: runs the tests on other versions than those of this machine. A run of all parts writes
 * docs/matrix.md. The exit status is 1 if anything failed or could not be run.
 */
async function main(names: readonly string[]): Promise<number> {
  const unknown = names.find((name) => parts.every((part) => part.name !== name));
  if (unknown !== undefined)
    throw new Error(`no part is called ${unknown}: ${parts.map(({ name }) => name).join(', ')}`);
  const wanted = parts.filter(({ name }) => names.length === 0 || names.includes(name));
  const folder = ownTemporaryFolder();
  const releases = await openReleases(folder);
  const results: [Part, Row[]][] = [];
  for (const part of wanted) results.push([part, await runPart(part, { folder, releases })]);
  if (names.length === 0) {
    const today = new Date().toISOString().slice(0, 10);
    writeFileSync(join(PROJECT, 'docs/matrix.md'), reportOf(results, describeMachine(), today));
  }
  return results.some(([, rows]) => rows.some(({ outcome }) => outcome.result !== 'passed')) ? 1 : 0;
}

async function runPart(part: Part, context: Parameters<Part['rows']>[0]): Promise<Row[]> {
  const rows: Row[] = [];
  console.log(`${part.name}: ${part.about}`);
  for await (const row of part.rows(context)) {
    console.log(`  ${lineOf(row).replaceAll('\n', '\n    ')}`);
    rows.push(row);
  }
  return rows;
}

async function openReleases(folder: string): Promise<DebianRelease[]> {
  const releases: DebianRelease[] = [];
  for (const suite of Object.keys(RELEASES) as Suite[]) {
    const own = join(folder, 'apt', suite);
    mkdirSync(own, { recursive: true });
    releases.push(await openRelease(suite, own));
  }
  return releases;
}

/** All that is unpacked and all that the tests make lies below it, and is gone with the process, however that ends. */
function ownTemporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'foreshock-matrix-'));
  process.env.TMPDIR = folder;
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
  return folder;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`matrix: ${(error as Error).message}\n`);
  process.exitCode = 1;
}

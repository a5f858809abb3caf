import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeMachine } from '../../bench/machine.ts';
import { PROJECT } from '../paths.ts';
import { type DebianRelease, openRelease, RELEASES, type Suite } from './debian.ts';
import { parts } from './index.ts';
import type { Part, Row } from './part.ts';
import { lineOf, sectionOf, withSections } from './report.ts';

const DOCUMENT = join(PROJECT, 'docs/matrix.md');

/**
 * `npm run matrix -- [PART...]`: runs the tests on other versions than those of this machine, and writes what it came to into
 * docs/matrix.md, part by part. The exit status is 1 if anything failed or could not be run.
 */
async function main(wanted: readonly string[]): Promise<number> {
  const names = parts.map(({ name }) => name);
  const unknown = wanted.find((name) => !names.includes(name));
  if (unknown !== undefined) throw new Error(`no part is called ${unknown}: they are ${names.join(', ')}`);
  const folder = ownTemporaryFolder();
  const releases = await openReleases(folder);
  const all: Row[] = [];
  for (const part of parts.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
    const rows = await runPart(part, { folder, releases });
    const section = sectionOf(part, rows, describeMachine(), new Date().toISOString().slice(0, 10));
    const document = existsSync(DOCUMENT) ? readFileSync(DOCUMENT, 'utf8') : '';
    writeFileSync(DOCUMENT, withSections(document, [section], names));
    all.push(...rows);
  }
  return all.every(({ outcome }) => outcome.result === 'passed') ? 0 : 1;
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
  process.once('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
  return folder;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`matrix: ${(error as Error).message}\n`);
  process.exitCode = 1;
}

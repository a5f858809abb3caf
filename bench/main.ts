import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PROJECT } from '../test/paths.ts';
import { type Arguments, parseArguments } from './arguments.ts';
import { compare } from './comparison.ts';
import { replaceSection } from './document.ts';
import { benches } from './index.ts';
import { describeMachine } from './machine.ts';
import { type Program, programIn } from './program.ts';
import { buildCommit, describeCommit } from './reference.ts';
import { tableOf } from './table.ts';

/**
 * `npm run -s bench -- [NAME...] [--against=COMMIT] [--rounds=N] [--into=FILE]`: what this build costs on this machine, beside
 * a peer in the same run; with --against, in turn with the build of a commit. Prints Markdown, a section for each bench;
 * with --into, they take the places of those sections of a document.
 */
async function main({ names, against, rounds, into }: Arguments): Promise<void> {
  const programs = [programIn(PROJECT, 'this tree'), ...(against === undefined ? [] : [reference(against)])];
  const measuredOn = `${describeMachine()}\n\n${describeBuilds(against, rounds)}\n`;
  for (const bench of benches.filter(({ name }) => names.includes(name))) {
    process.stderr.write(`${new Date().toTimeString().slice(0, 8)} ${bench.name}\n`);
    const rows = await compare(bench, programs, rounds);
    const columns = programs.map(({ name }) => name);
    const section = `## ${bench.name}\n\n${measuredOn}\n${tableOf(rows, columns)}`;
    if (into === undefined) process.stdout.write(`${section}\n`);
    else writeFileSync(into, replaceSection(readFileSync(into, 'utf8'), section));
  }
}

function reference(commit: string): Program {
  process.stderr.write(`building ${commit}\n`);
  return programIn(buildCommit(commit), commit);
}

function describeBuilds(against: string | undefined, rounds: number): string {
  const builds = `This tree is ${describeCommit()}`;
  const count = rounds === 1 ? 'one round' : `${rounds} rounds: medians, with the least and the most`;
  return against === undefined
    ? `${builds}; ${count}.`
    : `${builds}, ${against} is ${describeCommit(against)}; ${count}.`;
}

/** All that benches and builds make lies below one folder, which is gone with the process, however that ends. */
function ownTemporaryFolder(): void {
  const folder = mkdtempSync(join(tmpdir(), 'foreshock-bench-'));
  process.env.TMPDIR = folder;
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
}

ownTemporaryFolder();
try {
  await main(
    parseArguments(
      process.argv.slice(2),
      benches.map(({ name }) => name),
    ),
  );
} catch (error) {
  process.stderr.write(`bench: ${(error as Error).message}\n`);
  process.exitCode = 1;
}

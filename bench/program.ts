import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ExporterProcess, type StartOptions, startExporter } from '../test/exporter-process.ts';

/** A built Foreshock: benches measure it from outside, so that any version of it can be measured. */
export interface Program {
  /** Names it in the table. */
  readonly name: string;
  /** The file that Node.js runs. */
  readonly main: string;
  /** Its collectors, by its own help. */
  readonly collectors: readonly string[];
}

/** The program of a project's folder, which must have been built: where it lies is `bin` of its package.json. */
export function programIn(folder: string, name: string): Program {
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { bin: { foreshock: string } };
  const main = join(folder, bin.foreshock);
  const help = execFileSync(process.execPath, [main, 'node', '--help'], { encoding: 'utf8' });
  return {
    name,
    main,
    collectors: [...help.matchAll(/--no-collector\.(\w+)/g)].map(([, collector = '']) => collector),
  };
}

/** Starts an exporter on a free port; resolves once it is ready. */
export function start(
  program: Program,
  flags: readonly string[],
  command: readonly string[] = ['node'],
  options: StartOptions = {},
): Promise<ExporterProcess> {
  return startExporter(flags, command, program.main, options);
}

/** The flags that switch all other collectors off. */
export function onlyCollectors(program: Program, ...wanted: readonly string[]): string[] {
  return program.collectors.filter((name) => !wanted.includes(name)).map((name) => `--no-collector.${name}`);
}

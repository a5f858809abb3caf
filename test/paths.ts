import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The project's folder: tests run compiled, below dist. */
export const PROJECT = findProject(import.meta.dirname);

/** Data that tests read. */
export const FIXTURES = join(PROJECT, 'test/fixtures');

/** The built program. */
export const MAIN = join(PROJECT, 'dist/cli/main.js');

function findProject(directory: string): string {
  return existsSync(join(directory, 'package.json')) ? directory : findProject(dirname(directory));
}

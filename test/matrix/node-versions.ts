import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fetchPackage } from '../npm-package.ts';
import { type Part, rowOf } from './part.ts';
import { runTests, testFiles } from './run-tests.ts';

const run = promisify(execFile);

/** The oldest that package.json allows, and those that are maintained. */
const VERSIONS = ['20.19', '22', '24'];

export const nodeVersions: Part = {
  name: 'node',
  about: 'The tests of `npm run unit`.',
  async *rows({ folder }) {
    for (const wanted of VERSIONS) {
      const program = await fetchNode(wanted, folder).catch((error: Error) => error);
      if (program instanceof Error) yield await rowOf(`Node.js ${wanted}`, () => Promise.reject(program));
      else
        yield await rowOf(`Node.js ${(await run(program, ['--version'])).stdout.trim().slice(1)}`, () =>
          runTests(testFiles(), { node: program, env: { UNIT: '1' } }),
        );
    }
  },
};

/** The newest release of a version; gives the path of the program. */
async function fetchNode(version: string, folder: string): Promise<string> {
  return join(await fetchPackage(folder, `node-linux-${process.arch}@${version}`), 'bin/node');
}

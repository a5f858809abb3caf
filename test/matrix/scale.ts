import { type Part, rowOf } from './part.ts';
import { runTests, testFiles } from './run-tests.ts';

/** Tests whose full size takes minutes; `npm test` runs them with less. */
const TESTS = ['failure/large-host.', 'exporter/cluster/large-list.'];

export const scale: Part = {
  name: 'scale',
  about: 'A writable layer of 1,000,000 files, a list of 1 GB of the API server, and very many of other things.',
  async *rows() {
    yield await rowOf(`Node.js ${process.versions.node}`, () =>
      runTests(testFiles(...TESTS), { env: { FULL_SCALE: '1' } }),
    );
  },
};

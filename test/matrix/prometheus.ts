import { join } from 'node:path';
import type { DebianRelease } from './debian.ts';
import { type Part, rowOf } from './part.ts';
import { runTests, testFiles } from './run-tests.ts';

const TESTS = [
  'rules/outputs.',
  'rules/replays.',
  'rules/runbooks.',
  'rules/scrape-example.',
  'rules/signatures/',
  'rules/user-settings.',
  'dashboards/queries.',
  'real/prometheus.',
  'real/rules-check.',
];

export const prometheus: Part = {
  name: 'prometheus',
  about:
    'The rules, checked and replayed by promtool; the queries of the dashboards; a server that scrapes the exporter.',
  async *rows({ folder, releases }) {
    for (const release of releases) {
      const on = `Prometheus ${await release.version('prometheus')} (${release.title})`;
      yield await rowOf(on, async () => runTests(testFiles(...TESTS), { path: await programs(release, folder) }));
    }
  },
};

/** Unpacks Prometheus and promtool, which is a package of its own since Debian 13. */
async function programs(release: DebianRelease, folder: string): Promise<string[]> {
  const tree = join(folder, `prometheus-${release.suite}`);
  await release.unpack(['prometheus', 'promtool|prometheus'], tree);
  return [join(tree, 'usr/bin')];
}

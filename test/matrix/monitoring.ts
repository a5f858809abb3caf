import { join } from 'node:path';
import { type Part, rowOf } from './part.ts';
import { runTests, testFiles } from './run-tests.ts';

/** All tests of these programs but those of a quiet week, which take minutes and look for false alarms rather than versions. */
const TESTS = [
  'rules/alertmanager/',
  'rules/live.',
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

/** Promtool is a package of its own since Debian 13. */
const PACKAGES = ['prometheus', 'promtool|prometheus', 'prometheus-alertmanager'];

/** Prometheus and Alertmanager of a release at once: tests of the one work while those of the other wait. */
export const monitoring: Part = {
  name: 'monitoring',
  about:
    'The rules, checked and replayed by promtool; the queries of the dashboards; the configuration of Alertmanager, checked ' +
    'by amtool, and what it notifies and mutes; story 004 from the storm to the notification.',
  async *rows({ folder, releases }) {
    for (const release of releases) {
      const [prometheus, alertmanager] = await Promise.all(
        ['prometheus', 'prometheus-alertmanager'].map(release.version),
      );
      yield await rowOf(`Prometheus ${prometheus}, Alertmanager ${alertmanager} (${release.title})`, async () => {
        const tree = join(folder, `monitoring-${release.suite}`);
        await release.unpack(PACKAGES, tree);
        return runTests(testFiles(...TESTS), { path: [join(tree, 'usr/bin')] });
      });
    }
  },
};

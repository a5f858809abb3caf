import { join } from 'node:path';
import { type Part, rowOf } from './part.ts';
import { runTests, testFiles } from './run-tests.ts';

export const alertmanager: Part = {
  name: 'alertmanager',
  about:
    'The configuration and the templates, checked by amtool; what a server notifies and mutes; story 004 with Prometheus, ' +
    'from the storm to the notification.',
  async *rows({ folder, releases }) {
    for (const release of releases) {
      const [version, prometheus] = await Promise.all(['prometheus-alertmanager', 'prometheus'].map(release.version));
      yield await rowOf(`Alertmanager ${version}, Prometheus ${prometheus} (${release.title})`, async () => {
        const tree = join(folder, `alertmanager-${release.suite}`);
        await release.unpack(['prometheus-alertmanager', 'prometheus'], tree);
        return runTests(testFiles('rules/alertmanager/', 'rules/live.'), { path: [join(tree, 'usr/bin')] });
      });
    }
  },
};

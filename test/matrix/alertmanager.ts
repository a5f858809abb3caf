import { join } from 'node:path';
import type { DebianRelease } from './debian.ts';
import { type Part, type Row, rowOf } from './part.ts';
import { runTests, testFiles } from './run-tests.ts';

export const alertmanager: Part = {
  name: 'alertmanager',
  about:
    'The configuration and the templates, checked by amtool; what a server notifies and mutes; story 004 with Prometheus, ' +
    'from the storm to the notification.',
  async *rows({ folder, releases }) {
    // They wait more than they work, so all run at once.
    for (const row of await Promise.all(releases.map((release) => runRelease(release, folder)))) yield row;
  },
};

async function runRelease(release: DebianRelease, folder: string): Promise<Row> {
  const [version, prometheus] = await Promise.all(['prometheus-alertmanager', 'prometheus'].map(release.version));
  return rowOf(`Alertmanager ${version}, Prometheus ${prometheus} (${release.title})`, async () => {
    const tree = join(folder, `alertmanager-${release.suite}`);
    await release.unpack(['prometheus-alertmanager', 'prometheus'], tree);
    return runTests(testFiles('rules/alertmanager/', 'rules/live.'), { path: [join(tree, 'usr/bin')] });
  });
}

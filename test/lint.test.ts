import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { copyProject } from './project-copy.ts';

const RESTRICTED = 'lint/style/noRestrictedImports';
const CYCLE = 'lint/suspicious/noImportCycles';

/** What is planted, as the text of each file by its path, and the rule that refuses each of these files. */
const PLANTED: readonly [what: string, rule: string, files: Readonly<Record<string, string>>][] = [
  [
    'the kernel formats know containers',
    RESTRICTED,
    { 'exporter/node/kernel/planted.ts': "export { OWNER_LABELS } from '../containers/container.ts';\n" },
  ],
  [
    'the reader of the host knows a collector',
    RESTRICTED,
    { 'exporter/node/host/planted.ts': "export { pids } from '../collectors/pids.ts';\n" },
  ],
  [
    'the configuration knows the node role',
    RESTRICTED,
    { 'exporter/config/planted.ts': "export { collectors } from '../node/collectors/index.ts';\n" },
  ],
  [
    'the configuration knows the node role by a type',
    RESTRICTED,
    { 'exporter/config/planted-type.ts': "export type { Collector } from '../node/collector.ts';\n" },
  ],
  [
    'what both roles share knows one of them',
    RESTRICTED,
    { 'exporter/planted.ts': "export { nodeRole } from './node/role.ts';\n" },
  ],
  [
    'the node role knows the cluster role',
    RESTRICTED,
    { 'exporter/node/planted.ts': "export { watchers } from '../cluster/watchers/index.ts';\n" },
  ],
  [
    'the cluster role knows the node role',
    RESTRICTED,
    { 'exporter/cluster/planted.ts': "export { collectors } from '../node/collectors/index.ts';\n" },
  ],
  [
    'the exporter knows the rules',
    RESTRICTED,
    { 'exporter/server/planted.ts': "export { ruleGroups } from '../../rules/pack.ts';\n" },
  ],
  [
    'the exporter loads the rules when they are needed',
    RESTRICTED,
    { 'exporter/server/planted-dynamic.ts': "export const load = () => import('../../rules/pack.ts');\n" },
  ],
  [
    'the rules know the dashboards',
    RESTRICTED,
    { 'rules/planted.ts': "export { dashboards } from '../dashboards/index.ts';\n" },
  ],
  [
    'a signature knows another',
    RESTRICTED,
    { 'rules/signatures/planted.ts': "export { logStorm } from './log-storm.ts';\n" },
  ],
  [
    'a series that signatures share knows a signature',
    RESTRICTED,
    { 'rules/series/planted.ts': "export { logStorm } from '../signatures/log-storm.ts';\n" },
  ],
  [
    'the dashboards know the command line',
    RESTRICTED,
    { 'dashboards/planted.ts': "export { rules } from '../cli/rules.ts';\n" },
  ],
  [
    'the rules know the command line',
    RESTRICTED,
    { 'rules/render/planted.ts': "export { rules } from '../../cli/rules.ts';\n" },
  ],
  [
    'a rule reads a metric without the name of its watcher',
    RESTRICTED,
    { 'rules/series/planted-metric.ts': "export { lag } from '../../exporter/cluster/watchers/pods.ts';\n" },
  ],
  [
    'a signature reads a metric without the name of its collector',
    RESTRICTED,
    { 'rules/signatures/planted-metric.ts': "export { used } from '../../exporter/node/collectors/pids.ts';\n" },
  ],
  [
    'a dashboard reads a metric without the name of its collector',
    RESTRICTED,
    { 'dashboards/planted-metric.ts': "export { used } from '../exporter/node/collectors/pids.ts';\n" },
  ],
  [
    'the check of the rules reads a metric of collectors by its own name',
    RESTRICTED,
    { 'rules/check/planted-metric.ts': "export { success } from '../../exporter/exposition/collector-metrics.ts';\n" },
  ],
  [
    'a circle of two files',
    CYCLE,
    {
      'exporter/formats/planted-one.ts': "import { two } from './planted-two.ts';\nexport const one = () => two;\n",
      'exporter/formats/planted-two.ts': "import { one } from './planted-one.ts';\nexport const two = () => one;\n",
    },
  ],
  [
    'a circle that a type closes',
    CYCLE,
    {
      'rules/render/planted-value.ts':
        "import type { Part } from './planted-type.ts';\nexport const part: Part = { name: '' };\n",
      'rules/render/planted-type.ts':
        "import { part } from './planted-value.ts';\nexport interface Part {\n  readonly name: string;\n}\nexport const { name } = part;\n",
    },
  ],
];

const copy = copyProject();
after(() => copy.remove());
const clean = lint();
for (const [, , files] of PLANTED) {
  for (const [path, text] of Object.entries(files)) writeFileSync(join(copy.root, path), text);
}
const refused = lint();

test('the tree as it is passes', () => {
  assert.deepEqual(Object.fromEntries(clean), {});
});

for (const [what, rule, files] of PLANTED) {
  test(`refused: ${what}`, () => {
    for (const path of Object.keys(files)) assert.deepEqual(refused.get(path), [rule], path);
  });
}

test('no other file is refused', () => {
  const planted = PLANTED.flatMap(([, , files]) => Object.keys(files));
  assert.deepEqual([...refused.keys()].sort(), planted.sort());
});

/** The rules that refuse something, by the path of the file. */
function lint(): Map<string, string[]> {
  const biome = join(copy.root, 'node_modules/.bin/biome');
  const { stdout, stderr } = spawnSync(biome, ['lint', '--reporter=json', '--max-diagnostics=none', '.'], {
    cwd: copy.root,
    encoding: 'utf8',
  });
  assert.ok(stdout.startsWith('{'), stderr);
  const { summary, diagnostics } = JSON.parse(stdout) as Report;
  assert.ok(summary.unchanged > 100, 'Biome has seen the tree');
  const found = new Map<string, string[]>();
  for (const { category, location } of diagnostics) {
    found.set(location.path, [...(found.get(location.path) ?? []), category]);
  }
  return found;
}

interface Report {
  readonly summary: { readonly unchanged: number };
  readonly diagnostics: readonly { readonly category: string; readonly location: { readonly path: string } }[];
}

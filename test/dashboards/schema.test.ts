import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { renderDashboards } from '../../dashboards/index.ts';
import { DEFAULT_SETTINGS } from '../../rules/settings.ts';
import { PROJECT } from '../paths.ts';

const dashboards = renderDashboards(DEFAULT_SETTINGS);

const TYPES = join(PROJECT, 'test/dashboards/grafana-types.ts');

/** Has the compiler compare dashboards with Grafana's published types; gives what it has to say. */
function compile(t: TestContext, files: Readonly<Record<string, unknown>>): string[] {
  // Within the project, for the compiler to find @grafana/schema.
  const directory = mkdtempSync(join(PROJECT, 'dist', 'schema-'));
  t.after(() => rmSync(directory, { recursive: true }));
  for (const [name, dashboard] of Object.entries(files)) {
    const json = JSON.stringify(dashboard, null, 2);
    writeFileSync(
      join(directory, `${name}.ts`),
      `import type { GrafanaDashboard } from '${TYPES}';\nexport const dashboard: GrafanaDashboard = ${json};\n`,
    );
  }
  const { compilerOptions, include } = {
    compilerOptions: {
      target: 'es2023',
      module: 'nodenext',
      strict: true,
      exactOptionalPropertyTypes: true,
      noEmit: true,
      allowImportingTsExtensions: true,
      skipLibCheck: true,
      types: [],
    },
    include: ['*.ts'],
  };
  writeFileSync(join(directory, 'tsconfig.json'), JSON.stringify({ compilerOptions, include }));
  const { stdout, stderr, error } = spawnSync(
    process.execPath,
    [join(PROJECT, 'node_modules/typescript/bin/tsc'), '-p', directory],
    { encoding: 'utf8', cwd: directory, timeout: 120_000 },
  );
  assert.ifError(error);
  assert.equal(stderr, '');
  return stdout.split('\n').filter((line) => line !== '');
}

test("the dashboards are of Grafana's published types", (t) => {
  const files = Object.fromEntries(dashboards.map((dashboard) => [dashboard.uid ?? '', dashboard]));
  assert.deepEqual(compile(t, files), []);
});

test('other types are found', (t) => {
  const [sound] = dashboards;
  const broken = (change: (dashboard: Loose) => unknown) => {
    const dashboard = structuredClone(sound) as unknown as Loose;
    change(dashboard);
    return dashboard;
  };
  const faults: Record<string, Loose> = {
    field: broken((dashboard) => Object.assign(panel(dashboard, 'stat').fieldConfig.defaults, { uniit: 's' })),
    custom: broken((dashboard) =>
      Object.assign(panel(dashboard, 'timeseries').fieldConfig.defaults.custom, { lines: 1 }),
    ),
    option: broken((dashboard) => Object.assign(panel(dashboard, 'stat').options, { colorMode: 'rainbow' })),
    otherPanel: broken((dashboard) => Object.assign(panel(dashboard, 'timeseries').options, { cellHeight: 'sm' })),
    panelType: broken((dashboard) => Object.assign(panel(dashboard, 'table'), { type: 'tabel' })),
    target: broken((dashboard) => Object.assign(panel(dashboard, 'stat').targets[0] ?? {}, { legend: 'x' })),
    variable: broken((dashboard) => Object.assign(dashboard.templating.list[1] ?? {}, { refresh: 3 })),
    dashboard: broken((dashboard) => Object.assign(dashboard, { __inputs: [] })),
  };
  const found = new Set(compile(t, faults).map((line) => /^(\w+)\.ts\(/.exec(line)?.[1]));
  assert.deepEqual([...found].filter((name) => name !== undefined).sort(), Object.keys(faults).sort());
});

/** What the faults above are put into. */
interface Loose {
  panels: {
    type: string;
    options: object;
    targets: object[];
    fieldConfig: { defaults: { custom: object } };
  }[];
  templating: { list: object[] };
}

function panel(dashboard: Loose, type: string): Loose['panels'][number] {
  const found = dashboard.panels.find((one) => one.type === type);
  assert.ok(found, `no panel of type ${type}`);
  return found;
}

import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { load, loadAll } from 'js-yaml';
import { renderDashboards } from '../../dashboards/index.ts';
import { dashboardFiles } from '../../dashboards/render/files.ts';
import { DEFAULT_SETTINGS } from '../../rules/settings.ts';
import { PROJECT } from '../paths.ts';

const dashboards = renderDashboards(DEFAULT_SETTINGS);

const FOLDER = join(PROJECT, 'dashboards');

for (const [name, content] of dashboardFiles(dashboards)) {
  test(`dashboards/${name} is what its source makes`, () => {
    const path = join(FOLDER, name);
    if (process.env.UPDATE_DASHBOARDS) {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
    }
    const committed = existsSync(path) ? readFileSync(path, 'utf8') : '';
    assert.ok(committed === content, `${name} is out of date: npm run dashboards`);
  });
}

test('the config maps hold the dashboards, each below what kubectl apply can annotate', () => {
  const documents = loadAll(readFileSync(join(FOLDER, 'configmap.yaml'), 'utf8')) as {
    metadata: { name: string; labels: Record<string, string> };
    data: Record<string, string>;
  }[];
  assert.deepEqual(
    documents.map(({ metadata }) => metadata.name),
    dashboards.map(({ uid }) => uid),
  );
  for (const [index, { metadata, data }] of documents.entries()) {
    assert.deepEqual(metadata.labels, { grafana_dashboard: '1' });
    const [file, ...others] = Object.entries(data);
    assert.deepEqual(others, []);
    assert.equal(file?.[0], `${metadata.name}.json`);
    assert.deepEqual(JSON.parse(file[1]), JSON.parse(JSON.stringify(dashboards[index])));
    assert.ok(Buffer.byteLength(JSON.stringify(documents[index])) < 256 * 1024, metadata.name);
  }
});

test('the provisioning files name the folder of the dashboards and the type of their data source', () => {
  const provisioning = (file: string) => load(readFileSync(join(FOLDER, 'provisioning', file), 'utf8'));
  const { providers } = provisioning('dashboards.yaml') as { providers: { type: string; options: { path: string } }[] };
  assert.deepEqual(
    providers.map(({ type, options }) => [type, options.path]),
    [['file', '/var/lib/grafana/dashboards/foreshock']],
  );
  const { datasources } = provisioning('datasource.yaml') as { datasources: { type: string; url: string }[] };
  assert.deepEqual(
    datasources.map(({ type }) => type),
    ['prometheus'],
  );
});

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { renderDashboards } from '../../dashboards/index.ts';
import { DEFAULT_SETTINGS } from '../../rules/settings.ts';
import { PROJECT } from '../paths.ts';
import { missing } from '../programs.ts';
import { replays } from '../rules/replays/index.ts';
import { fillPrometheus } from './filled-prometheus.ts';
import { modelOf } from './model.ts';
import { BANNER, pageHeight, WIDTH } from './preview/page.ts';
import { readPng } from './preview/png.ts';
import { preview, type View } from './preview/preview.ts';
import { screenshot } from './preview/screenshot.ts';

const dashboards = renderDashboards(DEFAULT_SETTINGS);

const skip = missing(['prometheus', 'promtool', 'chromium']);

/** What docs/dashboards shows of each dashboard, by the name of the picture. */
const VIEWS: Readonly<Record<string, Readonly<Record<string, View>>>> = {
  'foreshock-fleet': { all: { replays, theme: 'dark' } },
  'foreshock-node': { '001': ofStory('001', 'dark'), '004': ofStory('004', 'dark') },
  'foreshock-container-disk': { '001': ofStory('001', 'light'), '004': ofStory('004', 'dark') },
  'foreshock-kubelet-api': { '004': ofStory('004', 'dark') },
};

function ofStory(id: string, theme: View['theme']): View {
  return { replays: replays.filter((replay) => replay.id === id), theme };
}

test('previews of the dashboards, drawn from real query results', { skip }, async (t) => {
  const server = await fillPrometheus(t, replays);
  const temporary = mkdtempSync(join(tmpdir(), 'foreshock-pictures-'));
  t.after(() => rmSync(temporary, { recursive: true, force: true }));
  // `npm run preview` keeps them.
  const folder = process.env.UPDATE_SCREENSHOTS ? join(PROJECT, 'docs/dashboards') : temporary;
  mkdirSync(folder, { recursive: true });

  for (const dashboard of dashboards) {
    const model = modelOf(dashboard);
    for (const [name, view] of Object.entries(VIEWS[model.uid] ?? {})) {
      await t.test(`${model.uid}-${name}.png`, async () => {
        assert.ok(view.replays.length > 0, `no replay of story ${name}`);
        const html = await preview(server, model, view);
        for (const text of [BANNER, ...model.panels.map(({ title }) => title)]) {
          assert.ok(html.includes(text.replaceAll('&', '&amp;')), `without ${text}`);
        }
        assert.doesNotMatch(html, /NaN|undefined|\[object|(?:src|href)=/);
        const file = join(folder, `${model.uid}-${name}.png`);
        await screenshot(html, pageHeight(model), file);
        const bytes = readFileSync(file);
        const { width, height, distinctRows } = readPng(bytes);
        assert.deepEqual([width, height], [WIDTH, pageHeight(model)]);
        assert.ok(distinctRows > height / 10, `${distinctRows} of ${height} rows differ`);
        assert.ok(bytes.length < 600_000, `${bytes.length} bytes`);
      });
    }
  }
  await t.test('every dashboard has a picture', () => {
    assert.deepEqual(dashboards.map(({ uid }) => uid).sort(), Object.keys(VIEWS).sort());
  });
});

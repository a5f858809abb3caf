import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dashboardSources, renderDashboards } from '../../dashboards/index.ts';
import { DEFAULT_SETTINGS } from '../../rules/settings.ts';
import { missing } from '../programs.ts';
import { replays } from '../rules/replays/index.ts';
import { fillPrometheus } from './filled-prometheus.ts';
import { modelOf } from './model.ts';
import { annotationFaults, queryFaults } from './query-faults.ts';
import { targetsOf } from './targets.ts';

const dashboards = renderDashboards(DEFAULT_SETTINGS);
const sources = dashboardSources(DEFAULT_SETTINGS);

const skip = missing(['prometheus', 'promtool']);

test('dashboards on a Prometheus that holds the replays of all stories', { skip }, async (t) => {
  const server = await fillPrometheus(t, replays);
  for (const [index, dashboard] of dashboards.entries()) {
    const model = modelOf(dashboard);
    const targets = targetsOf(sources[index]?.rows ?? [], model);
    await t.test(
      `${model.uid}: every query has plausible data in the replay of its signature, within a second`,
      async () => {
        assert.ok(targets.length > 0);
        assert.deepEqual(await queryFaults(server, model, targets), []);
      },
    );
    await t.test(`${model.uid}: every annotation marks something`, async () => {
      assert.deepEqual(await annotationFaults(server, model, replays), []);
    });
  }
});

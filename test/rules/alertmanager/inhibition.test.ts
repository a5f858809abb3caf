import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ruleGroups } from '../../../rules/pack.ts';
import { DEFAULT_SETTINGS } from '../../../rules/settings.ts';
import { SYMPTOMS, type Symptom } from '../../../rules/symptom.ts';
import { missing } from '../../programs.ts';
import { renderedAlert } from '../alert-cases.ts';
import { replays } from '../replays/index.ts';
import { SICK } from '../replays/replay.ts';
import { type Labels, recorded } from './pack.ts';
import { Alertmanager } from './server.ts';

/** No group is flushed within the test, so that nothing is sent. */
const NEVER = { group_wait: '1h' };
const NOWHERE = 'http://127.0.0.1:9';

const alerts = ruleGroups(DEFAULT_SETTINGS).flatMap((group) => group.alerts);

test('no alert explains its own symptom, directly or through others', () => {
  const explainedBy = (symptom: Symptom) =>
    new Set(alerts.filter((alert) => alert.symptom === symptom).flatMap(({ explains = [] }) => explains));
  for (const symptom of Object.keys(SYMPTOMS) as Symptom[]) {
    const reached = explainedBy(symptom);
    // The loop also visits what is added meanwhile.
    for (const next of reached) for (const further of explainedBy(next)) reached.add(further);
    assert.ok(!reached.has(symptom), `alerts of ${symptom} mute each other`);
  }
});

test('Alertmanager mutes symptoms', { skip: missing(['prometheus-alertmanager']) }, async (t) => {
  const alertmanager = await Alertmanager.start(t, recorded(NOWHERE, NEVER));

  for (const { id, title, expected, inhibited } of replays) {
    await t.test(`story ${id}: ${title}`, async () => {
      const where = { cluster: `story-${id}`, node: SICK };
      await alertmanager.post(expected.map(({ alert }) => ({ labels: labelsOf(alert, where) })));
      assert.deepEqual(await alertmanager.muted(where), [...inhibited].sort());
    });
  }

  for (const [symptom, { upstream }] of Object.entries(SYMPTOMS)) {
    await t.test(`${symptom}: alerts of others that say the same, where they carry the node`, async () => {
      const where = { cluster: `upstream-${symptom}`, node: 'n' };
      await alertmanager.post([
        { labels: { alertname: 'Cause', severity: 'critical', [`explains_${symptom}`]: 'true', ...where } },
        ...upstream.flatMap((alertname) => [
          { labels: { alertname, severity: 'warning', ...where } },
          { labels: { alertname, severity: 'warning', cluster: where.cluster } },
        ]),
      ]);
      assert.deepEqual(await alertmanager.muted(where), [...upstream].sort());
      assert.deepEqual(await alertmanager.muted({ ...where, node: '' }), []);
    });
  }

  await t.test('only on the same node of the same cluster', async () => {
    const symptom = { alertname: 'Symptom', symptom: 'node_silent', severity: 'warning' };
    const cause = { alertname: 'Cause', explains_node_silent: 'true', severity: 'critical' };
    await alertmanager.post([
      { labels: { ...cause, cluster: 'one', node: 'n' } },
      { labels: { ...symptom, cluster: 'one', node: 'n' } },
      { labels: { ...symptom, cluster: 'one', node: 'another' } },
      { labels: { ...symptom, cluster: 'two', node: 'n' } },
      { labels: { ...symptom, node: 'n' } },
    ]);
    assert.deepEqual(await alertmanager.muted({ cluster: 'one', node: 'n' }), ['Symptom']);
    assert.deepEqual(await alertmanager.muted({ cluster: 'one', node: 'another' }), []);
    assert.deepEqual(await alertmanager.muted({ cluster: 'two', node: 'n' }), []);
    assert.deepEqual(await alertmanager.muted({ cluster: '', node: 'n' }), []);
  });

  await t.test(
    'collectors that fail where no host is to be seen, but not where some containers are unmeasured',
    async () => {
      const rendered: Labels = renderedAlert('ForeshockBlind').labels;
      const { explains_collectors_fail: template, ...labels } = rendered;
      assert.equal(template, '{{ if $labels.path }}true{{ end }}');
      const failing = (cluster: string) => ({ labels: labelsOf('ForeshockCollectorFailing', { cluster, node: 'n' }) });
      const blind = (cluster: string, more: Labels) => ({
        labels: { alertname: 'ForeshockBlind', ...labels, ...more, cluster, node: 'n' },
      });
      await alertmanager.post([
        blind('hidden', { path: 'rootfs', explains_collectors_fail: 'true' }),
        failing('hidden'),
        blind('unmeasured', { reason: 'not_scanned' }),
        failing('unmeasured'),
      ]);
      assert.deepEqual(await alertmanager.muted({ cluster: 'hidden', node: 'n' }), ['ForeshockCollectorFailing']);
      assert.deepEqual(await alertmanager.muted({ cluster: 'unmeasured', node: 'n' }), []);
    },
  );

  await t.test('without the label cluster, where nobody has it', async () => {
    await alertmanager.post([
      { labels: { alertname: 'Cause', explains_disk_slow: 'true', severity: 'critical', node: 'lonely' } },
      { labels: { alertname: 'Symptom', symptom: 'disk_slow', severity: 'warning', node: 'lonely' } },
    ]);
    assert.deepEqual(await alertmanager.muted({ node: 'lonely' }), ['Symptom']);
  });

  await t.test('never two alerts without a node', async () => {
    const cluster = 'without-node';
    await alertmanager.post([
      { labels: { alertname: 'Cause', explains_node_silent: 'true', severity: 'critical', cluster } },
      { labels: { alertname: 'Symptom', symptom: 'node_silent', severity: 'warning', cluster } },
      { labels: { alertname: 'TargetDown', severity: 'warning', cluster } },
    ]);
    assert.deepEqual(await alertmanager.muted({ cluster }), []);
  });

  await t.test('no critical alert by a warning', async () => {
    const where = { cluster: 'urgent', node: 'n' };
    await alertmanager.post([
      { labels: { alertname: 'Cause', explains_node_silent: 'true', severity: 'warning', ...where } },
      { labels: { alertname: 'Page', symptom: 'node_silent', severity: 'critical', ...where } },
      { labels: { alertname: 'KubeNodeNotReady', severity: 'critical', ...where } },
      { labels: { alertname: 'Ticket', symptom: 'node_silent', severity: 'warning', ...where } },
      { labels: { alertname: 'KubeNodeReadinessFlapping', severity: 'warning', ...where } },
    ]);
    assert.deepEqual(await alertmanager.muted(where), ['KubeNodeReadinessFlapping', 'Ticket']);
  });
});

/** The labels of an alert of the pack, as Prometheus sends them. */
function labelsOf(alertname: string, where: Labels): Labels {
  return { alertname, ...renderedAlert(alertname).labels, ...where };
}

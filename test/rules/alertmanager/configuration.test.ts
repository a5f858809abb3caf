import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { load } from 'js-yaml';
import { ruleGroups } from '../../../rules/pack.ts';
import { alertmanagerFiles } from '../../../rules/render/alertmanager.ts';
import { DEFAULT_SETTINGS } from '../../../rules/settings.ts';
import { PROJECT } from '../../paths.ts';
import { missing } from '../../programs.ts';
import { Amtool } from './amtool.ts';
import { CONFIGURATION, type Configuration } from './pack.ts';

const skip = missing(['amtool']);

test('rules/alertmanager is what is rendered', () => {
  for (const [path, content] of alertmanagerFiles(DEFAULT_SETTINGS)) {
    assert.equal(readFileSync(join(PROJECT, 'rules', path), 'utf8'), content, path);
  }
});

test('the configuration is valid as it is', { skip }, (t) => {
  assert.match(new Amtool(t).check(), /SUCCESS[\s\S]* [1-9]\d* inhibit rules[\s\S]* 1 templates/);
});

test('with another cluster label, the label cluster appears nowhere', { skip }, (t) => {
  const settings = { ...DEFAULT_SETTINGS, labels: { cluster: 'k8s_cluster', node: 'node' } };
  const [configuration = '', templates = ''] = alertmanagerFiles(settings).values();
  new Amtool(t, configuration, templates).check();
  const { route, inhibit_rules } = load(configuration) as Configuration;
  assert.deepEqual(route.group_by, ['k8s_cluster', 'node']);
  for (const { equal } of inhibit_rules) assert.deepEqual(equal, ['k8s_cluster', 'node']);
  assert.doesNotMatch(templates, /abels\.cluster|\bcluster=/);
});

test('alerts reach their receivers', { skip }, (t) => {
  const amtool = new Amtool(t);
  const node = { cluster: 'eu', node: 'node-a' };
  assert.deepEqual(amtool.receivers({ alertname: 'ForeshockContainerLogStorm', severity: 'critical', ...node }), [
    'pager',
  ]);
  assert.deepEqual(amtool.receivers({ alertname: 'KubeNodeNotReady', severity: 'warning', ...node }), ['tickets']);
  assert.deepEqual(amtool.receivers({ alertname: 'KubeNodePressure', severity: 'info', ...node }), ['null']);
  assert.deepEqual(amtool.receivers({ alertname: 'Watchdog', severity: 'none' }), ['dead-mans-switch']);
  assert.deepEqual(amtool.receivers({ alertname: 'OfSomebodyElse' }), ['tickets']);
});

test('every alert of the pack has a receiver by its severity', { skip }, (t) => {
  const amtool = new Amtool(t);
  const alerts = ruleGroups(DEFAULT_SETTINGS).flatMap((group) => group.alerts);
  const receivers = { critical: 'pager', warning: 'tickets', info: 'null' };
  for (const severity of new Set(alerts.map((alert) => alert.severity))) {
    assert.deepEqual(amtool.receivers({ severity }), [receivers[severity]]);
  }
});

test('all inhibiting rules match the node, and all addresses are in example.com', () => {
  const { inhibit_rules } = load(CONFIGURATION) as Configuration;
  for (const { source_matchers, target_matchers } of inhibit_rules) {
    for (const matchers of [source_matchers, target_matchers]) assert.ok(matchers.includes('node=~".+"'));
  }
  const addresses = [...CONFIGURATION.matchAll(/https?:\/\/([^/\s]+)/g)].map(([, host]) => host ?? '');
  assert.ok(addresses.length > 0);
  for (const host of addresses) assert.match(host, /\.example\.com$/);
});

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { load } from 'js-yaml';
import { UsageError } from '../../exporter/config/usage-error.ts';
import { DEFAULT_SETTINGS } from '../../rules/settings.ts';
import { settingsOf } from '../../rules/settings-file.ts';
import { defaultSettingsFile } from '../../rules/settings-help.ts';
import { signatures } from '../../rules/signatures/index.ts';
import { PROJECT } from '../paths.ts';

test('an empty file gives the defaults, and so does the file that --help prints', () => {
  assert.deepEqual(settingsOf({}), DEFAULT_SETTINGS);
  assert.deepEqual(settingsOf({ thresholds: null, disabled: null, selectors: null }), DEFAULT_SETTINGS);
  const { thresholds, ...others } = settingsOf(load(defaultSettingsFile()));
  assert.deepEqual({ ...others, thresholds: {} }, DEFAULT_SETTINGS);
  for (const signature of signatures) {
    const defaults = Object.entries(signature.thresholds).map(([name, one]) => [name, one.default]);
    assert.deepEqual(thresholds[signature.id] ?? {}, Object.fromEntries(defaults));
  }
});

test('a setting replaces its default only', () => {
  const settings = settingsOf({
    selectors: { node_exporter: 'job=~"node|node-exporter", team!=\'x\'' },
    labels: { cluster: 'env' },
    thresholds: { 'log-storm': { log_bytes_per_second: 1e7 } },
    node_monitor_grace_seconds: 40,
    severities: { ForeshockNodeDiskStall: 'warning' },
    disabled: ['ForeshockCadvisorSlow'],
    format: 'operator',
    operator: { labels: { release: 'kube-prometheus-stack' } },
  });
  assert.deepEqual(settings, {
    ...DEFAULT_SETTINGS,
    selectors: { ...DEFAULT_SETTINGS.selectors, node_exporter: 'job=~"node|node-exporter", team!=\'x\'' },
    labels: { cluster: 'env', node: 'node' },
    thresholds: { 'log-storm': { log_bytes_per_second: 1e7 } },
    node_monitor_grace_seconds: 40,
    severities: { ForeshockNodeDiskStall: 'warning' },
    disabled: ['ForeshockCadvisorSlow'],
    format: 'operator',
    operator: { namespace: 'monitoring', labels: { release: 'kube-prometheus-stack' } },
  });
});

test('the example of docs/rules.md is as documented', () => {
  const [, example = ''] =
    /```yaml\n# rules\.yaml\n([\s\S]*?)```/.exec(readFileSync(join(PROJECT, 'docs/rules.md'), 'utf8')) ?? [];
  assert.equal(settingsOf(load(example)).labels.node, 'kubernetes_node');
});

for (const [yaml, message] of [
  ['threshold: {}', /^threshold: unknown setting; available: selectors, labels, thresholds, /],
  ['__proto__: {}', /^__proto__: unknown setting/],
  [
    'selectors: {node: job="node"}',
    /^selectors\.node: unknown selector; available: foreshock, node_exporter, kubelet, /,
  ],
  ['thresholds: {logstorm: {}}', /^thresholds\.logstorm: unknown signature; available: image-gc-stall, /],
  [
    'thresholds: {log-storm: {log_bytes: 1}}',
    /^thresholds\.log-storm\.log_bytes: unknown threshold; available: log_bytes_per_second, /,
  ],
  ['severities: {ForeshockLog: info}', /^severities\.ForeshockLog: unknown alert; available: .*ForeshockNodeDiskStall/],
  ['disabled: [ForeshockLog]', /^disabled: unknown alert "ForeshockLog"; available: .*ForeshockNodeDiskStall/],
  ['thresholds: [1]', /^thresholds: must be a mapping, not \[1\]$/],
  ['thresholds: {log-storm: 5}', /^thresholds\.log-storm: must be a mapping, not 5$/],
  ['disabled: ForeshockNodeDiskStall', /^disabled: must be a list of alerts, not "ForeshockNodeDiskStall"$/],
  ...['"5"', '-1', '.nan', '.inf', 'true', 'null'].map(
    (value) =>
      [
        `thresholds: {log-storm: {log_bytes_per_second: ${value}}}`,
        /^thresholds\.log-storm\.log_bytes_per_second: must be a number, 0 or more, not /,
      ] as const,
  ),
  ...[
    'node-exporter',
    '{job="a"}',
    'job="a",',
    'job="a" team="b"',
    'job=a',
    '""',
    '5',
    '\'job="a"}) or up{job="a"\'',
  ].map(
    (value) =>
      [
        `selectors: {kubelet: ${JSON.stringify(value)}}`,
        /^selectors\.kubelet: must be label matchers, such as job="kubelet", not /,
      ] as const,
  ),
  ['selectors: {kubelet: }', /^selectors\.kubelet: must be label matchers/],
  ['labels: {node: kubernetes.io/node}', /^labels\.node: must be a label name, not "kubernetes.io\/node"$/],
  ['labels: {cluster: node}', /^labels\.cluster: must differ from node, instance and labels\.node, not "node"$/],
  ['labels: {cluster: env, node: env}', /^labels\.cluster: must differ from /],
  [
    'severities: {ForeshockNodeDiskStall: page}',
    /^severities\.\w+: must be one of critical, warning, info, not "page"$/,
  ],
  ['node_monitor_grace_seconds: 40s', /^node_monitor_grace_seconds: must be a number, 0 or more, not "40s"$/],
  ['format: json', /^format: must be one of prometheus, operator, not "json"$/],
  ['runbook_url: https://example.com/', /^runbook_url: must be an http or https URL that contains \{alert\}, not /],
  ['runbook_url: /{alert}', /^runbook_url: must be an http or https URL/],
  ['dashboard_url: https://example.com/{alert}', /^dashboard_url: must be .* that contains \{dashboard\}/],
  ['operator: {namespace: My_Namespace}', /^operator\.namespace: must be a namespace name/],
  ['operator: {labels: {prometheus: 1}}', /^operator\.labels\.prometheus: must be a label value in quotes, not 1$/],
  ['operator: {name: x}', /^operator\.name: unknown setting; available: namespace, labels$/],
] as const) {
  test(`settings ${yaml}`, () => {
    assert.throws(
      () => settingsOf(load(yaml)),
      (error) => error instanceof UsageError && message.test(error.message),
    );
  });
}

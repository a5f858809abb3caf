import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { RULES_OPTIONS } from '../cli/rules.ts';
import type { Watcher } from '../exporter/cluster/watcher.ts';
import { watchers } from '../exporter/cluster/watchers/index.ts';
import { collectorOptions, watcherOptions } from '../exporter/config/collector-options.ts';
import { flagSyntax, shownDefault, shownHelp } from '../exporter/config/help.ts';
import type { Option } from '../exporter/config/option.ts';
import { GENERAL_OPTIONS } from '../exporter/config/options.ts';
import { SELF_METRICS } from '../exporter/exposition/collector-metrics.ts';
import type { Metric } from '../exporter/exposition/metric.ts';
import { OWN_METRICS } from '../exporter/exposition/process-metrics.ts';
import type { Collector } from '../exporter/node/collector.ts';
import { collectors } from '../exporter/node/collectors/index.ts';
import { PROJECT } from './paths.ts';

test('docs/metrics.md lists the metrics as they are declared', () => {
  const section = ({ name, help, metrics }: Collector | Watcher) => metricSection(`\`${name}\`: ${help}`, metrics);
  assertDocument('docs/metrics.md', [
    '# Metrics',
    'Generated from the declarations; `UPDATE_DOCS=1 npm test` writes it anew. Labels `namespace`, `pod` and `container` are',
    'those of kube-state-metrics; a plain Docker container has empty `namespace` and `pod` and its Docker name as `container`,',
    'a pod sandbox is called `POD`, and what belongs to a container that cannot be named is called `unknown`.',
    '',
    '# The node role',
    '',
    ...collectors.map(section),
    '# The cluster role',
    '',
    'Its label `node` is the name of the Kubernetes node; a node that is deleted has no series any more.',
    '',
    ...watchers.map(section),
    '# Both',
    '',
    metricSection('The exporter itself', [...SELF_METRICS, ...OWN_METRICS]),
    "And prom-client's `process_…` and `nodejs_…`.",
  ]);
});

test('docs/flags.md lists the flags as they are declared', () => {
  assertDocument('docs/flags.md', [
    '# Flags',
    'Generated from the declarations; `UPDATE_DOCS=1 npm test` writes it anew. Each flag is a key of the YAML file of',
    '`--config.file` too, by its name without the dashes; a switch is `true` or `false` there. And it can be given as an',
    'environment variable: `--log.level` is `FORESHOCK_LOG_LEVEL`. Flags win over the environment, and that over the file.',
    '',
    optionSection('General', GENERAL_OPTIONS),
    ...collectors.map((collector) => optionSection(`Collector \`${collector.name}\``, collectorOptions(collector))),
    optionSection('The cluster role', Object.assign({}, ...watchers.map(watcherOptions))),
    optionSection('`foreshock rules`, which has these flags alone and no environment variables', RULES_OPTIONS),
  ]);
});

test('every metric has a name of its own, the prefix, and the suffix of its type', () => {
  const ofNode = collectors.flatMap((collector) => collector.metrics);
  const ofCluster = watchers.flatMap((watcher) => watcher.metrics);
  const metrics = [...ofNode, ...ofCluster, ...SELF_METRICS, ...OWN_METRICS];
  for (const role of [ofNode, ofCluster]) assert.equal(new Set(role.map(({ name }) => name)).size, role.length);
  for (const { name, type } of ofCluster) {
    assert.equal(
      ofNode.find((metric) => metric.name === name)?.type ?? type,
      type,
      `${name} is of one type in both roles`,
    );
  }
  for (const { name, type, help } of metrics) {
    assert.match(name, /^foreshock_[a-z0-9_]+$/);
    assert.equal(name.endsWith('_total'), type === 'counter', name);
    assert.match(help, /\.$/, `${name}: the help is a sentence`);
  }
});

function metricSection(title: string, metrics: readonly Metric[]): string {
  const rows = metrics.map(({ name, type, labels, help }) =>
    row([`\`${name}\``, type, labels.map((label) => `\`${label}\``).join(', '), help]),
  );
  return [
    `## ${title}`,
    '',
    row(['metric', 'type', 'labels', 'meaning']),
    row(['---', '---', '---', '---']),
    ...rows,
    '',
  ].join('\n');
}

function optionSection(title: string, options: Record<string, Option>): string {
  const rows = Object.entries(options).map(([name, option]) => {
    const value = shownDefault(option);
    return row([`\`${flagSyntax(name, option)}\``, value && `\`${value}\``, shownHelp(option)]);
  });
  return [`## ${title}`, '', row(['flag', 'default', 'meaning']), row(['---', '---', '---']), ...rows, ''].join('\n');
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function assertDocument(path: string, lines: readonly string[]): void {
  const file = join(PROJECT, path);
  const expected = `${lines.join('\n')}\n`;
  if (process.env.UPDATE_DOCS) writeFileSync(file, expected);
  assert.equal(
    existsSync(file) && readFileSync(file, 'utf8'),
    expected,
    `${path} is out of date: UPDATE_DOCS=1 npm test`,
  );
}

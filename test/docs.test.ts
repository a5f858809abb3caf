import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { RULES_OPTIONS } from '../cli/rules.ts';
import type { Watcher } from '../exporter/cluster/watcher.ts';
import { watchers } from '../exporter/cluster/watchers/index.ts';
import { collectorOptions, watcherOptions } from '../exporter/config/collector-options.ts';
import { flagSyntax, formatDefault, formatHelp } from '../exporter/config/help.ts';
import type { Option } from '../exporter/config/option.ts';
import { GENERAL_OPTIONS } from '../exporter/config/options.ts';
import { COLLECTOR_METRICS } from '../exporter/exposition/collector-metrics.ts';
import type { Metric } from '../exporter/exposition/metric.ts';
import { PROCESS_METRICS } from '../exporter/exposition/process-metrics.ts';
import type { Collector } from '../exporter/node/collector.ts';
import { collectors } from '../exporter/node/collectors/index.ts';
import { SERVER_METRICS } from '../exporter/server/server-metrics.ts';
import { LAYOUTS } from './exporter/node/locations/layouts.ts';
import { PROJECT } from './paths.ts';

test('docs/metrics.md lists the metrics as they are declared', () => {
  assertDocument('docs/metrics.md', [
    '# Metrics',
    '',
    'Generated from the declarations by `npm run docs`. The labels `namespace`, `pod` and `container` are those of',
    'kube-state-metrics. A plain Docker container has an empty `namespace` and `pod` and its Docker name as `container`; a pod',
    'sandbox is called `POD`, and a container whose name is not known `unknown`. How often something is read is by the default',
    'schedule of its collector.',
    '',
    '# The node role',
    '',
    ...collectors.map(collectorSection),
    '# The cluster role',
    '',
    'The label `node` is the name of the Kubernetes node; the series of a node end when it is deleted.',
    '',
    ...watchers.map(collectorSection),
    '# Both roles',
    '',
    '## Collectors',
    '',
    'Each collector has these metrics about itself. In the node role a run succeeds when it read everything; a host that has',
    'nothing to read is a success, a stuck run is not. The values of a collector are as old as its last success. A run is',
    'stuck when it made no progress for the seconds of `--collector.<name>.timeout`; the collector is not started again',
    'before that run has ended.',
    '',
    'In the cluster role, which watches all the time, a collector succeeds when everything that it watches was listed and',
    'the API server answers now. Its last success is when the API server last sent something about each resource, in quiet',
    'times once a minute. It is stuck when the API server falls silent, and it has no duration.',
    '',
    metricTable(COLLECTOR_METRICS),
    '## Web server',
    '',
    'Counted since the exporter started. A request is refused with 503 when more than `--web.max-requests` scrapes wait for',
    'their metrics (`requests`), or when too many passwords wait to be compared (`passwords`). A connection is cut off for a',
    'new one when there are too many (`connections`), when its client sends many requests at once (`pipelined`), takes too',
    'long to send a request or to read the answer (`timeout`), or has not read what it was sent while others ask (`unread`).',
    'While the web configuration or a certificate is invalid, the last good one stays in use.',
    '',
    metricTable(SERVER_METRICS),
    '## Process',
    '',
    "Also prom-client's `process_…` and `nodejs_…`, but not with `--once`.",
    '',
    metricTable(PROCESS_METRICS).trimEnd(),
  ]);
});

test('docs/flags.md lists the flags as they are declared', () => {
  assertDocument('docs/flags.md', [
    '# Flags',
    '',
    'Generated from the declarations by `npm run docs`. Each flag is also a key of the YAML file of `--config.file`, by its',
    'name without the dashes (a switch is `true` or `false` there), and an environment variable: `--log.level` is',
    '`FORESHOCK_LOG_LEVEL`. Flags override the environment, and the environment overrides the file.',
    '',
    optionSection('General', GENERAL_OPTIONS),
    ...collectors.map((collector) => optionSection(`Collector \`${collector.name}\``, collectorOptions(collector))),
    optionSection('The cluster role', Object.assign({}, ...watchers.map(watcherOptions))),
    optionSection('`foreshock rules`, which has only these flags and no environment variables', RULES_OPTIONS),
  ]);
});

test('docs/hosts.md lists the layouts of hosts as they are tested', () => {
  const layouts = LAYOUTS.map(({ name, locations }) => [
    name,
    Object.entries(locations)
      .map(([what, path]) => `${what} \`${path}\``)
      .join(', '),
    'a tree made after its documentation or source',
  ]);
  for (const [, , , test] of RUN) assert.ok(existsSync(join(PROJECT, test)), test);
  const run = RUN.map(([name, read, how, test]) => [name, read, `${how}: ${test}`]);
  assertDocument('docs/hosts.md', [
    '# Where things are on a host',
    '',
    'Generated from the tests by `npm run docs`. What runs says where its things are, by its arguments and environment; then its',
    'configuration with drop-ins, then what is mounted or lies there, then the default. `foreshock_location_info` shows what was',
    'found on a host and how. docs/matrix.md has the versions of what was run.',
    '',
    row(['layout', 'what is read', 'how it was tried']),
    row(['---', '---', '---']),
    ...[...run, ...layouts].map(row),
  ]);
});

/** Layouts that are run or were recorded: what of them is read, how, and the test. */
const RUN: readonly (readonly [name: string, read: string, how: string, test: string])[] = [
  ['Docker with overlay2', 'data root, layers, logs, images', 'real software', 'test/real/docker.test.ts'],
  ['Docker with logs sent elsewhere', 'the cached log', 'real software', 'test/real/runtime-locations.test.ts'],
  ['containerd with imports', 'root, state, snapshots, socket', 'real software', 'test/real/runtime-locations.test.ts'],
  ['Kubernetes 1.26 with containerd 1.6', 'all', 'recorded files', 'test/golden/golden.test.ts'],
  ['Docker 20.10 on cgroup v2', 'all', 'recorded files', 'test/golden/golden.test.ts'],
];

function collectorSection({ name, help, description, metrics }: Collector | Watcher): string {
  const title = `${help.charAt(0).toUpperCase()}${help.slice(1)}.`;
  return [`## \`${name}\``, '', title, '', description, '', metricTable(metrics)].join('\n');
}

function metricTable(metrics: readonly Metric[]): string {
  const rows = metrics.map(({ name, type, labels, help }) =>
    row([`\`${name}\``, type, labels.map((label) => `\`${label}\``).join(', '), help]),
  );
  return [row(['metric', 'type', 'labels', 'help']), row(['---', '---', '---', '---']), ...rows, ''].join('\n');
}

function optionSection(title: string, options: Record<string, Option>): string {
  const rows = Object.entries(options).map(([name, option]) => {
    const value = formatDefault(option);
    return row([`\`${flagSyntax(name, option)}\``, value && `\`${value}\``, formatHelp(option)]);
  });
  return [`## ${title}`, '', row(['flag', 'default', 'help']), row(['---', '---', '---']), ...rows, ''].join('\n');
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

/** `npm run docs` writes the document instead. */
function assertDocument(path: string, lines: readonly string[]): void {
  const file = join(PROJECT, path);
  const expected = `${lines.join('\n')}\n`;
  if (process.env.UPDATE_DOCS) writeFileSync(file, expected);
  assert.equal(existsSync(file) && readFileSync(file, 'utf8'), expected, `${path} is out of date: npm run docs`);
}

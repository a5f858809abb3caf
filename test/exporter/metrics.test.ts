import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { watchers } from '../../exporter/cluster/watchers/index.ts';
import { COLLECTOR_METRICS } from '../../exporter/exposition/collector-metrics.ts';
import { PROCESS_METRICS } from '../../exporter/exposition/process-metrics.ts';
import { collectors } from '../../exporter/node/collectors/index.ts';
import { SERVER_METRICS } from '../../exporter/server/server-metrics.ts';
import { PROJECT } from '../paths.ts';

const ofNode = collectors.flatMap(({ metrics }) => metrics);
const ofCluster = watchers.flatMap(({ metrics }) => metrics);
const ofBoth = [...COLLECTOR_METRICS, ...SERVER_METRICS, ...PROCESS_METRICS];
const metrics = [...ofNode, ...ofCluster, ...ofBoth];

/** A HELP is read in a tooltip: what else there is to say stands in the description of its collector. */
const MAX_WORDS = 16;
const MAX_MEDIAN_WORDS = 14;

/** By the end of a metric's name, its unit as the HELP names it. The last one is for counts, states and labels. */
const UNITS: readonly (readonly [name: RegExp, help: RegExp])[] = [
  [/_timestamp_seconds$/, /^Unix time in seconds when /],
  [/_seconds(_total)?$/, /\bseconds\b/i],
  [/_bytes(_total)?$/, /\bbytes\b/i],
  [/_ratio$/, /\(0 to 1\)/],
  [/_pages_total$/, /\bpages\b/],
  [/_inodes$/, /\binodes\b/],
  [/_pids$/, /\bprocess IDs\b/],
  [/_qps$/, /\bper second\b/],
  [/_info$/, /^Always 1: /],
  [/(?:)/, /^(Number|Maximum number) of |^Whether .+ \(1\) .+ \(0\)\.$/],
];

for (const [directory, list] of [
  ['exporter/node/collectors', collectors],
  ['exporter/cluster/watchers', watchers],
] as const)
  test(`each file in ${directory} is in its list, under its name`, () => {
    const files = readdirSync(join(PROJECT, directory)).filter((file) => file !== 'index.ts');
    assert.deepEqual(files.sort(), list.map(({ name }) => `${name.replaceAll('_', '-')}.ts`).sort());
  });

test('a metric has the prefix, and the suffix of its type', () => {
  for (const { name, type } of metrics) {
    assert.match(name, /^foreshock_[a-z0-9_]+$/);
    assert.equal(name.endsWith('_total'), type === 'counter', name);
  }
});

test('a name is declared once in each role, and has one type and HELP in all', () => {
  for (const role of [ofNode, ofCluster]) {
    const names = [...role, ...ofBoth].map(({ name }) => name);
    assert.deepEqual(
      names.filter((name, index) => names.indexOf(name) !== index),
      [],
    );
  }
  const first = new Map(metrics.map((metric) => [metric.name, metric]));
  assert.ok(first.size < metrics.length, 'some are of both roles');
  for (const { name, type, help } of metrics) {
    assert.deepEqual([first.get(name)?.type, first.get(name)?.help], [type, help], name);
  }
});

test('a HELP is one short sentence', () => {
  for (const { name, help } of metrics) {
    assert.match(help, /^[A-Z]/, `${name}: a HELP starts with a capital`);
    assert.match(help, /^[^.!?]+(\.[^ ][^.!?]*)*\.$/, `${name}: a HELP is one sentence`);
    assert.doesNotMatch(
      help,
      /\/proc|every \d|once a|watched/i,
      `${name}: its collector's description says from where`,
    );
    assert.ok(wordsOf(help) <= MAX_WORDS, `${name}: ${wordsOf(help)} words, not more than ${MAX_WORDS}`);
  }
  const sorted = metrics.map(({ help }) => wordsOf(help)).sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  assert.ok(median <= MAX_MEDIAN_WORDS, `${median} words in the median`);
});

test('a HELP names the unit of its metric', () => {
  for (const { name, help } of metrics) {
    const [, unit = /(?!)/] = UNITS.find(([suffix]) => suffix.test(name)) ?? [];
    assert.match(help, unit, name);
  }
});

test('a collector says what it exports and describes its values', () => {
  for (const { name, help, description } of [...collectors, ...watchers]) {
    assert.match(help, /^[^A-Z].*[^.]$/, `${name}: its help goes on after "Export"`);
    assert.match(description, /^[A-Z/].*\.$/s, `${name}: its description is made of sentences`);
  }
});

function wordsOf(help: string): number {
  return help.split(' ').length;
}

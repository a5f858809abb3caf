import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { test } from 'node:test';
import { PROJECT } from './paths.ts';

/** Directories of which each file, but the lists `index.ts`, has a test of its name in the same place below test/. */
const TESTED = [
  'dashboards',
  'exporter/cluster/watchers',
  'exporter/node/collectors',
  'exporter/node/daemons',
  'exporter/node/images',
  'exporter/node/inventory',
  'exporter/node/kernel',
  'exporter/node/probes',
  'rules/check',
  'rules/signatures',
];

const PANELS = 'what panels show, which is data: the tests of test/dashboards go through all of it';
const GRAFANA =
  "Grafana's model of that data: dashboards/*.json, which outputs.test.ts compares, hold all that they make";

/** Files and directories there that have none, and why. */
const WITHOUT_TEST: Readonly<Record<string, string>> = {
  'dashboards/container-disk': PANELS,
  'dashboards/fleet': PANELS,
  'dashboards/kubelet-api': PANELS,
  'dashboards/node': PANELS,
  'dashboards/no-data': PANELS,
  'dashboards/panels': PANELS,
  'dashboards/render/annotations': GRAFANA,
  'dashboards/render/dashboard': GRAFANA,
  'dashboards/render/files': GRAFANA,
  'dashboards/render/panel': GRAFANA,
  'dashboards/render/ref-id': GRAFANA,
  'dashboards/render/table': GRAFANA,
  'dashboards/render/units': GRAFANA,
  'dashboards/render/variables': GRAFANA,
  'dashboards/dashboard': 'types alone',
  'dashboards/render/context': 'types alone',
};

const PACK = 'about the rules of all signatures together';

/** Tests of more than one source, and what of. */
const OF_MANY: Readonly<Record<string, string>> = {
  'cli/once': 'about `node --once` as the textfile collector of node_exporter reads it',
  'exporter/cluster/api-server/kubectl': 'the API server of the tests, by a client that is not ours',
  'exporter/cluster/churn': 'about what each watcher forgets',
  'exporter/cluster/large-list': 'about how all of the cluster role takes a list of any size',
  'exporter/metrics': 'about the declarations of all metrics',
  'exporter/node/churn': 'about what each collector forgets',
  'exporter/node/container-churn': 'about what the inventory forgets',
  'exporter/server/hostile-clients': 'about the whole server',
  'rules/alertmanager': 'about what a real Alertmanager makes of alerts and our configuration',
  'rules/changed-thresholds': PACK,
  'rules/completeness': PACK,
  'rules/conventions': PACK,
  'rules/live': 'about alerts on what a running exporter says',
  'rules/not-a-number': PACK,
  'rules/outputs': PACK,
  'rules/quiet-week': PACK,
  'rules/replays': PACK,
  'rules/runbooks': PACK,
  'rules/scrape-example': PACK,
  'rules/user-settings': PACK,
};

/** Whether a path, or a directory that it is in, is among these. */
function isAmong(listed: Iterable<string>, path: string): boolean {
  return [...listed].some((one) => path === one || path.startsWith(`${one}/`));
}

/** Of sources and tests, by their paths without endings, those sources of `TESTED` that have no test. */
function untested(sources: readonly string[], tests: readonly string[], exceptions = WITHOUT_TEST): string[] {
  const has = new Set(tests);
  return sources.filter(
    (path) =>
      isAmong(TESTED, path) && !path.endsWith('/index') && !has.has(path) && !isAmong(Object.keys(exceptions), path),
  );
}

/** Tests that lie where no source of their name lies. What `list` has more than its own test may be called `list-faults`. */
function stray(tests: readonly string[], sources: readonly string[], exceptions = OF_MANY): string[] {
  const own = new Set(tests.filter((path) => sources.includes(path)));
  const isMore = (path: string) => {
    const words = basename(path).split('-');
    return words.some((_, index) => own.has(join(dirname(path), words.slice(0, index).join('-'))));
  };
  return tests.filter((path) => !own.has(path) && !isMore(path) && !isAmong(Object.keys(exceptions), path));
}

/** Paths of the TypeScript below a directory, without ending. */
function filesIn(directory: string): string[] {
  return readdirSync(join(PROJECT, directory), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => path.slice(0, -'.ts'.length));
}

const ROOTS = ['cli', 'dashboards', 'exporter', 'rules'];
const SOURCES = ROOTS.flatMap((root) => filesIn(root).map((path) => join(root, path)));
const BELOW_TEST = ROOTS.flatMap((root) => filesIn(join('test', root)).map((path) => join(root, path)));
const TESTS = BELOW_TEST.filter((path) => path.endsWith('.test')).map((path) => path.slice(0, -'.test'.length));
const SUPPORT = BELOW_TEST.filter((path) => !path.endsWith('.test'));

test('each source has a test of its name', () => {
  assert.ok(SOURCES.length > 200, `${SOURCES.length} sources`);
  assert.deepEqual(untested(SOURCES, TESTS), []);
});

test('each test lies where its source lies, or the program of the tests that it is about', () => {
  const ofProducts = TESTS.filter((path) => !path.startsWith('dashboards/'));
  assert.ok(ofProducts.length > 150, `${ofProducts.length} tests`);
  assert.deepEqual(stray(ofProducts, [...SOURCES, ...SUPPORT]), []);
});

test('each exception is needed', () => {
  const needed = (exceptions: Readonly<Record<string, string>>, found: readonly string[]) =>
    Object.keys(exceptions).filter((one) => !found.some((path) => isAmong([one], path)));
  assert.deepEqual(needed(WITHOUT_TEST, untested(SOURCES, TESTS, {})), []);
  assert.deepEqual(needed(OF_MANY, stray(TESTS, [...SOURCES, ...SUPPORT], {})), []);
});

test('a source without test and a test without source are found', () => {
  const sources = ['exporter/node/kernel/loadavg', 'exporter/node/kernel/new', 'rules/check/index', 'rules/pack'];
  assert.deepEqual(untested(sources, ['exporter/node/kernel/loadavg', 'exporter/node/new']), [
    'exporter/node/kernel/new',
  ]);
  const tests = ['rules/pack', 'rules/pack-faults', 'rules/packs', 'rules/faults-pack', 'rules/live', 'exporter/pack'];
  assert.deepEqual(stray(tests, sources), ['rules/packs', 'rules/faults-pack', 'exporter/pack']);
  assert.deepEqual(stray(['rules/pack-faults'], sources), ['rules/pack-faults']);
});

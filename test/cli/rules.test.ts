import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { load, loadAll } from 'js-yaml';
import { ruleGroups } from '../../rules/pack.ts';
import { packFiles, ruleFile } from '../../rules/render/files.ts';
import { DEFAULT_SETTINGS } from '../../rules/settings.ts';
import { freePort } from '../exporter-process.ts';
import { foreshock } from './command-line.ts';

const ids = ruleGroups(DEFAULT_SETTINGS).map(({ id }) => `foreshock-${id}`);

function temporary(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'foreshock-rules-'));
  t.after(() => rmSync(directory, { recursive: true }));
  return directory;
}

test('rules are printed as one file of Prometheus', async () => {
  const { code, stdout, stderr } = await foreshock(['rules']);
  assert.deepEqual([code, stderr], [0, '']);
  const { groups } = load(stdout) as { groups: { name: string }[] };
  assert.deepEqual(
    groups.map(({ name }) => name),
    ids,
  );
});

test('rules are printed as objects for kubectl', async () => {
  const { code, stdout } = await foreshock(['rules', '--format=operator']);
  assert.equal(code, 0);
  const objects = loadAll(stdout) as { metadata: { name: string } }[];
  assert.deepEqual(
    objects.map(({ metadata }) => metadata.name),
    ids,
  );
});

test('files are written, and what an earlier version left is named', async (t) => {
  const directory = temporary(t);
  const file = join(directory, 'settings.yaml');
  writeFileSync(file, 'labels: {cluster: env}\nformat: operator');
  const settings = { ...DEFAULT_SETTINGS, labels: { cluster: 'env', node: 'node' }, format: 'operator' as const };
  const output = join(directory, 'new/pack');
  const first = await foreshock(['rules', '--config.file', file, '--output', output]);
  assert.deepEqual([first.code, first.stderr], [0, '']);
  const written = readdirSync(output, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  assert.deepEqual(
    written.map((entry) => join(entry.parentPath, entry.name)).sort(),
    [...packFiles(settings).keys()].map((path) => join(output, path)).sort(),
  );
  for (const [path, content] of packFiles(settings)) assert.equal(readFileSync(join(output, path), 'utf8'), content);
  assert.match(ruleFile(settings), /by \(env, node\)/);

  writeFileSync(join(output, 'operator/old.yaml'), '');
  const second = await foreshock(['rules', '--config.file', file, '--output', output]);
  assert.deepEqual(
    [second.code, second.stderr],
    [0, `foreshock: ${output}/operator/old.yaml is not part of this pack\n`],
  );
});

test('help names flags and settings', async () => {
  const { code, stdout } = await foreshock(['rules', '--help']);
  assert.equal(code, 0);
  for (const part of [
    '--check=TEXT',
    '    node_exporter: job="node-exporter"',
    '      log_bytes_per_second: 5000000',
  ]) {
    assert.ok(stdout.includes(part), part);
  }
});

test('what cannot be is refused with status 2', async (t) => {
  const directory = temporary(t);
  const wrong = join(directory, 'wrong.yaml');
  writeFileSync(wrong, 'thresholds: {log-storm: {log_bytes: 1}}');
  writeFileSync(join(directory, 'file'), '');
  const nobody = `http://127.0.0.1:${await freePort()}`;
  for (const [flags, message] of [
    [['--chek=x'], 'unknown flag --chek'],
    [['now'], 'unexpected argument "now"'],
    [['--format=json'], 'flag --format: must be prometheus or operator, not "json"'],
    [['--check=localhost:9090'], 'flag --check: must be an http or https URL, not "localhost:9090"'],
    [['--check=http://p', '--output=x'], '--check and --output cannot be used together'],
    [[`--check=${nobody}`], `cannot query ${nobody}: connect ECONNREFUSED`],
    [['--config.file=/nowhere'], 'cannot read /nowhere: ENOENT'],
    [[`--config.file=${wrong}`], `${wrong}: thresholds.log-storm.log_bytes: unknown threshold; available: `],
    [[`--output=${join(directory, 'file')}`], `cannot write to ${join(directory, 'file')}: `],
  ] as const) {
    const { code, stdout, stderr } = await foreshock(['rules', ...flags]);
    assert.deepEqual([code, stdout], [2, ''], stderr);
    assert.ok(stderr.startsWith(`foreshock: ${message}`), stderr);
    assert.match(stderr, / \(see foreshock rules --help\)\n$/);
  }
});

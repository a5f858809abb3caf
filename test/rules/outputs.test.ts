import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { dump, load } from 'js-yaml';
import { packFiles, ruleFile } from '../../rules/render/files.ts';
import { DEFAULT_SETTINGS } from '../../rules/settings.ts';
import { PROJECT } from '../paths.ts';
import { missing } from '../programs.ts';
import { checkRules } from './promtool.ts';

const FORMATS = ['prometheus', 'operator'] as const;

/** All generated files of the repository, by their paths below `rules`. */
const made = new Map(FORMATS.flatMap((format) => [...packFiles({ ...DEFAULT_SETTINGS, format })]));
const RULES = join(PROJECT, 'rules');

test('the files in rules/ are those that foreshock rules generates', () => {
  if (process.env.UPDATE_RULES) update();
  for (const [path, content] of made) {
    const file = join(RULES, path);
    const there = existsSync(file) ? readFileSync(file, 'utf8') : undefined;
    assert.ok(there === content, `rules/${path} is out of date: npm run rules`);
  }
  assert.deepEqual(leftOver(), [], 'files that are no longer generated: npm run rules');
});

function update(): void {
  for (const [path, content] of made) {
    mkdirSync(dirname(join(RULES, path)), { recursive: true });
    writeFileSync(join(RULES, path), content);
  }
  for (const path of leftOver()) rmSync(join(RULES, path));
}

/** Files in the folders of generated files that are not generated any more. */
function leftOver(): string[] {
  const folders = new Set(
    [...made.keys()].filter((path) => path.includes('/')).map((path) => path.replace(/\/.*/, '')),
  );
  return [...folders]
    .filter((folder) => existsSync(join(RULES, folder)))
    .flatMap((folder) =>
      readdirSync(join(RULES, folder), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(RULES.length + 1)),
    )
    .filter((path) => !made.has(path));
}

test('promtool accepts the rules', { skip: missing(['promtool']) }, (t) => {
  const files = [...made].filter(([path]) => path.startsWith('prometheus/'));
  const objects = [...made].filter(([path]) => path.startsWith('operator/'));
  const specs = objects.map(([path, content]) => [path, dump((load(content) as { spec: unknown }).spec)] as const);
  const { ok, output } = checkRules(t, [...files, ...specs, ['all.yaml', ruleFile(DEFAULT_SETTINGS)]]);
  assert.ok(ok, output);
});

test('the operator selects the objects', () => {
  for (const [path, content] of made) {
    if (!path.startsWith('operator/')) continue;
    const { apiVersion, kind, metadata } = load(content) as Record<string, unknown>;
    const name = `foreshock-${path.slice('operator/'.length, -'.yaml'.length)}`;
    assert.deepEqual(
      { apiVersion, kind, metadata },
      {
        apiVersion: 'monitoring.coreos.com/v1',
        kind: 'PrometheusRule',
        metadata: { name, namespace: 'monitoring', labels: { prometheus: 'k8s', role: 'alert-rules' } },
      },
    );
  }
});

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { ruleGroups } from '../../rules/pack.ts';
import { prometheusFile } from '../../rules/render/prometheus.ts';
import { DEFAULT_SETTINGS } from '../../rules/settings.ts';
import { signatures } from '../../rules/signatures/index.ts';
import { PROJECT } from '../paths.ts';
import { missing } from '../programs.ts';
import { problemsOf } from './known-metrics.ts';
import { checkRules } from './promtool.ts';

const RUNBOOKS = join(PROJECT, 'docs/runbooks');
const SECTIONS = [
  'Meaning',
  'Impact',
  'Evidence',
  'Confirm in two minutes',
  'Likely causes',
  'Mitigate now',
  'Fix for good',
  'False positives and tuning',
  'Related alerts',
];

const alerts: string[] = ruleGroups(DEFAULT_SETTINGS).flatMap((group) => group.alerts.map(({ name }) => name));
const files = existsSync(RUNBOOKS) ? readdirSync(RUNBOOKS) : [];

test('there is a runbook for each alert, and no other', () => {
  assert.deepEqual(files.sort(), alerts.map((name) => `${name}.md`).sort());
});

for (const file of files) {
  const path = join(RUNBOOKS, file);
  const text = readFileSync(path, 'utf8');
  const sections = sectionsOf(text);

  test(`${file} has its sections, and none is empty`, () => {
    assert.match(
      text,
      new RegExp(`^# ${file.slice(0, -'.md'.length)}\n\n([A-Z]|systemd )`),
      'the name, and a sentence',
    );
    assert.deepEqual([...sections.keys()], SECTIONS);
    for (const [title, content] of sections) assert.notEqual(content.trim(), '', `${title} is empty`);
    const confirm = sections.get('Confirm in two minutes') ?? '';
    for (const language of ['sh', 'promql'])
      assert.ok(blocks(confirm, language).length > 0, `no ${language} to confirm`);
  });

  test(`${file} asks for what there is`, () => {
    for (const expr of blocks(text, 'promql')) assert.deepEqual(problemsOf(expr), [], expr);
  });

  test(`${file} points at what there is`, () => {
    for (const [, target = ''] of text.matchAll(/\]\((?!https?:)([^)#]+)[^)]*\)/g)) {
      assert.ok(existsSync(join(dirname(path), target)), `${target} is not there`);
    }
    for (const [name] of text.matchAll(/\bForeshock[A-Z]\w+/g)) assert.ok(alerts.includes(name), `no alert ${name}`);
    for (const [key, id = '', name = ''] of text.matchAll(/`([a-z-]+)\.([a-z_]+)`/g)) {
      const signature = signatures.find((one) => one.id === id);
      assert.ok(signature === undefined || Object.hasOwn(signature.thresholds, name), `no threshold ${key}`);
    }
  });
}

test('promtool takes all expressions of the runbooks', { skip: missing(['promtool']) }, (t) => {
  const records = files.flatMap((file) =>
    blocks(readFileSync(join(RUNBOOKS, file), 'utf8'), 'promql').map((expr, index) => ({
      record: `runbook:${file.replace(/\W/g, '_')}:${index}`,
      expr,
    })),
  );
  const { ok, output } = checkRules(t, [
    ['runbooks.yaml', prometheusFile([{ id: 'runbooks', records, alerts: [] }], DEFAULT_SETTINGS)],
  ]);
  assert.ok(ok, output);
});

/** The sections by their titles, in the order of the file. */
function sectionsOf(text: string): Map<string, string> {
  const [, ...parts] = text.split(/^## /m);
  return new Map(
    parts.map((part) => {
      const [title = '', ...content] = part.split('\n');
      return [title, content.join('\n')] as const;
    }),
  );
}

function blocks(text: string, language: string): string[] {
  const found = [...text.matchAll(new RegExp(`^ *\`\`\`${language}\n([\\s\\S]*?)^ *\`\`\``, 'gm'))];
  return found.map(([, content = '']) => content.trim());
}

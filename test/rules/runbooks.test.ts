import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { ruleGroups } from '../../rules/pack.ts';
import { prometheusFile } from '../../rules/render/prometheus.ts';
import { DEFAULT_SETTINGS } from '../../rules/settings.ts';
import { signatures } from '../../rules/signatures/index.ts';
import { blocksOf, headingsOf, listItemsOf, sectionsOf, withoutCode } from '../markdown.ts';
import { PROJECT } from '../paths.ts';
import { missing } from '../programs.ts';
import { problemsOf } from './known-metrics.ts';
import { notationsOf } from './notations.ts';
import { checkRules } from './promtool.ts';
import { thresholdsOf, withFacts } from './runbook-facts.ts';

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

/** Commands that lose data or make things worse; where one is named, a warning stands beside it. */
const DANGEROUS =
  /drop_caches|(?:system|image|container) prune|rmi --prune|--delete-emptydir-data|--force|umount -|\brm -r|out-of-service|kill -9|makestep/;

/** Where commands stand that are not advice: what happened in a story, and what may have been the cause. */
const NO_ADVICE = ['Evidence', 'Likely causes'];

const alerts: string[] = ruleGroups(DEFAULT_SETTINGS).flatMap((group) => group.alerts.map(({ name }) => name));
const files = existsSync(RUNBOOKS) ? readdirSync(RUNBOOKS) : [];

test('there is a runbook for each alert, and no other', () => {
  assert.deepEqual(files.sort(), alerts.map((name) => `${name}.md`).sort());
});

for (const file of files) {
  const path = join(RUNBOOKS, file);
  const alert = file.slice(0, -'.md'.length);

  test(`${file} states thresholds and inhibitions as the rules declare them`, () => {
    const text = readFileSync(path, 'utf8');
    const expected = withFacts(text, alert);
    if (process.env.UPDATE_DOCS) writeFileSync(path, expected);
    else assert.equal(text, expected, `${file} is out of date: npm run docs`);
  });

  const text = readFileSync(path, 'utf8');
  const sections = sectionsOf(text);

  test(`${file} has all sections, and none is empty`, () => {
    assert.match(text, new RegExp(`^# ${alert}\n\n([A-Z]|systemd |\`foreshock )`), 'the name, and a sentence');
    assert.deepEqual([...sections.keys()], SECTIONS);
    for (const [title, content] of sections) assert.notEqual(content.trim(), '', `${title} is empty`);
    const confirm = sections.get('Confirm in two minutes') ?? '';
    for (const language of ['sh', 'promql'])
      assert.ok(blocksOf(confirm, language).length > 0, `no ${language} to confirm`);
    assert.match(sections.get('Mitigate now') ?? '', /^\n1\. /, 'steps, in their order');
  });

  test(`${file} states the default of a threshold beside its key only`, () => {
    const { Evidence: _, ...others } = Object.fromEntries(sections);
    const prose = [text.slice(0, text.indexOf('\n## ')), ...Object.values(others)].join('\n');
    const queries = blocksOf(text, 'promql').join('\n');
    for (const [key, threshold] of thresholdsOf(alert)) {
      assert.deepEqual(
        withoutCode(prose.replaceAll(/^\| `[\w.-]+` \| [^|]+ \|$/gm, '')).match(
          notationsOf(threshold.default, threshold.unit),
        ),
        null,
        key,
      );
      assert.doesNotMatch(queries, new RegExp(`[<>=] *${threshold.default}\\b`), key);
      assert.ok(text.includes(`\`${key}\``), `${key} is not explained`);
    }
  });

  test(`${file} warns of dangerous commands`, () => {
    for (const [title, content] of sections) {
      if (NO_ADVICE.includes(title)) continue;
      for (const item of listItemsOf(content)) {
        if (DANGEROUS.test(item)) assert.match(item, /\*\*Danger:\*\*/, `${title}: ${item}`);
      }
    }
  });

  test(`${file} has commands that sh can parse`, () => {
    const { status, stderr } = spawnSync('sh', ['-n'], { input: blocksOf(text, 'sh').join('\n'), encoding: 'utf8' });
    assert.equal(status, 0, stderr);
  });

  test(`${file} queries metrics that exist`, () => {
    for (const expr of blocksOf(text, 'promql')) assert.deepEqual(problemsOf(expr), [], expr);
  });

  test(`${file} refers to files, alerts and thresholds that exist`, () => {
    for (const [, target = '', anchor] of text.matchAll(/\]\((?!https?:)([^)#]+)#?([^)]*)\)/g)) {
      const linked = join(dirname(path), target);
      assert.ok(existsSync(linked), `no file ${target}`);
      if (anchor) assert.ok(headingsOf(readFileSync(linked, 'utf8')).includes(anchor), `no ${anchor} in ${target}`);
    }
    for (const [name] of text.matchAll(/\bForeshock[A-Z]\w+/g)) assert.ok(alerts.includes(name), `no alert ${name}`);
    for (const [key, id = '', name = ''] of text.matchAll(/`([a-z-]+)\.([a-z_0-9]+)`/g)) {
      const signature = signatures.find((one) => one.id === id);
      assert.ok(signature === undefined || Object.hasOwn(signature.thresholds, name), `no threshold ${key}`);
    }
  });
}

test('the grace period of the node controller is explained in one runbook, to which others link', () => {
  const explaining = files.filter((file) => {
    const { Evidence: _, ...others } = Object.fromEntries(sectionsOf(readFileSync(join(RUNBOOKS, file), 'utf8')));
    return /\b(?:40|50) (?:s|seconds)\b/.test(Object.values(others).join('\n'));
  });
  assert.deepEqual(explaining, ['ForeshockKubeletHeartbeatLate.md']);
});

test('promtool takes all expressions of the runbooks', { skip: missing(['promtool']) }, (t) => {
  const records = files.flatMap((file) =>
    blocksOf(readFileSync(join(RUNBOOKS, file), 'utf8'), 'promql').map((expr, index) => ({
      record: `runbook:${file.replace(/\W/g, '_')}:${index}`,
      expr,
    })),
  );
  const { ok, output } = checkRules(t, [
    ['runbooks.yaml', prometheusFile([{ id: 'runbooks', records, alerts: [] }], DEFAULT_SETTINGS)],
  ]);
  assert.ok(ok, output);
});

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ruleGroups } from '../rules/pack.ts';
import { DEFAULT_SETTINGS } from '../rules/settings.ts';
import { withoutCode } from './markdown.ts';
import { PROJECT } from './paths.ts';

/** Phrases that make readers stop, with what to write instead. */
const BANNED: readonly (readonly [RegExp, string])[] = [
  [/\b(?:tells?|told|telling)\b/gi, 'shows, reports, says; distinguish'],
  [/\bnothing of\b/gi, 'no data from …'],
  [/\bthere (?:is|are) none\b/gi, 'no …'],
  [/\b(?:has|have|had|needs?) none\b|\bnone need\b/gi, 'has no …'],
  [/\bfor want of\b/gi, 'because … is missing'],
  [/\bat your place\b/gi, 'in your setup'],
  [/\bwhat there (?:is|are)\b|\bthat there (?:is|are)(?: not\b|[.,;:])/gi, 'that exist, that does not exist'],
  [/\bhealthy (?:is|are)\b/gi, 'normal: …'],
  [/\bgiven up\b/gi, 'marked Unknown by the node controller'],
  [/\bonly its end frees\b/gi, 'how it is freed: by deleting files, or removing the container'],
  [/\bis the news\b/gi, 'reports'],
  [/\bnever old\b|\ba second old\b/gi, 'updated within about a second'],
  [/\bcalled otherwise\b/gi, 'has another name'],
  [/\bfreed of the difference\b/gi, 'corrected for …'],
];

const documents = [...filesOf('.', '.md'), ...filesOf('docs', '.md', { recursive: true }), join('rules', 'index.md')];

/** Configuration that people copy: its comments are documentation. */
const examples = [
  ...filesOf('deploy', '.yaml'),
  join('rules', 'scrape.example.yaml'),
  join('rules/alertmanager', 'alertmanager.yaml'),
];

test('there is prose to read', () => {
  for (const file of ['README.md', 'docs/rules.md', 'docs/runbooks/ForeshockContainerLogStorm.md'])
    assert.ok(documents.includes(file), file);
  assert.ok(examples.length >= 3);
});

for (const file of documents) {
  test(`${file} has no phrase that makes readers stop`, () => {
    assert.deepEqual(bannedIn(withoutCode(readFileSync(join(PROJECT, file), 'utf8'))), []);
  });
}

for (const file of examples) {
  test(`the comments of ${file} have no phrase that makes readers stop`, () => {
    const comments = readFileSync(join(PROJECT, file), 'utf8').matchAll(/^\s*#(.*)$/gm);
    assert.deepEqual(bannedIn([...comments].map(([, comment]) => comment).join('\n')), []);
  });
}

for (const { name, description } of ruleGroups(DEFAULT_SETTINGS).flatMap(({ alerts }) => alerts)) {
  test(`the description of ${name} has no phrase that makes readers stop`, () => {
    assert.deepEqual(bannedIn(description), []);
  });
}

/** The files of a folder whose names end so, as paths within the project. */
function filesOf(folder: string, ending: string, { recursive = false } = {}): string[] {
  return readdirSync(join(PROJECT, folder), { recursive, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => join(folder, name));
}

/** Each banned phrase of a text, where it stands, and what to write instead. */
function bannedIn(text: string): string[] {
  const line = text.replaceAll(/\s+/g, ' ');
  return BANNED.flatMap(([phrase, instead]) =>
    [...line.matchAll(phrase)].map(({ index }) => `…${line.slice(Math.max(0, index - 40), index + 40)}…: ${instead}`),
  );
}

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { test } from 'node:test';
import { PROJECT } from './paths.ts';

/** What nobody writes by hand: packages, output of builds, recordings. */
const SKIPPED = new Set(['node_modules', 'dist', 'coverage', '.git', 'test/fixtures']);

test("the project's words are sorted, in lower case, each once", () => {
  const words = readFileSync(join(PROJECT, '.config/words.txt'), 'utf8').trimEnd().split('\n');
  assert.deepEqual(words, [...new Set(words.map((word) => word.toLowerCase()))].sort());
});

test('quotes are straight', () => {
  const texts = textFiles(PROJECT);
  assert.ok(texts.some((path) => path.endsWith('README.md')));
  for (const path of texts) {
    const lines = readFileSync(path, 'utf8').split('\n');
    const curly = lines.findIndex((line) => /[\u2018\u2019\u201c\u201d]/.test(line));
    assert.equal(curly, -1, `${relative(PROJECT, path)}:${curly + 1} has a curly quote`);
  }
});

/** Markdown, sources and YAML below a directory. */
function textFiles(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (SKIPPED.has(relative(PROJECT, path))) return [];
    if (entry.isDirectory()) return textFiles(path);
    return /\.(md|ts|ya?ml)$/.test(entry.name) ? [path] : [];
  });
}

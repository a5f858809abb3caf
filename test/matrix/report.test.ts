import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Part, type Row, rowOf } from './part.ts';
import { lineOf, sectionOf, withSections } from './report.ts';

const error = `duration_ms: 3.2
location: '/x.test.js:2:1'
failureType: 'testCodeFailure'
error: |-
  12 bytes | more
  than du
code: 'ERR_ASSERTION'`;

const rows: readonly Row[] = [
  { on: 'Docker 20.10.24', outcome: { result: 'passed', tests: 27, leftOut: 0 }, seconds: 33.4 },
  { on: 'Docker 26.1.5', outcome: { result: 'passed', tests: 7, leftOut: 2 }, seconds: 100 },
  { on: 'Docker 28.5.2', outcome: { result: 'failed', tests: 27, failures: [{ test: 'a > b', error }] }, seconds: 5 },
  { on: 'Docker 29', outcome: { result: 'not run', reason: 'Debian has none\nyet' }, seconds: 0 },
];

const part: Part = {
  name: 'docker',
  about: 'Logs, compared with du.',
  async *rows() {
    yield* rows;
  },
};

test('a section', () => {
  assert.equal(
    sectionOf(part, rows, 'a machine', '2026-11-28'),
    `## docker

Logs, compared with du.

2026-11-28, on a machine:

| on | result | took |
| --- | --- | --- |
| Docker 20.10.24 | 27 passed | 33 s |
| Docker 26.1.5 | 7 passed, 2 left out | 2 min |
| Docker 28.5.2 | **1 failed**, 27 run | 5 s |
| Docker 29 | **not run**: Debian has none | 0 s |

Failed:

- Docker 28.5.2: a > b: 12 bytes \\| more
`,
  );
});

test('a new section takes the place of the old one, in the order of the parts', () => {
  const names = ['prometheus', 'docker', 'node'];
  const first = withSections('', ['## node\n\nold\n', '## docker\n\nkept\n', '## gone\n\nx\n'], names);
  const sections = (document: string) => document.slice(document.indexOf('## '));
  assert.equal(sections(first), '## docker\n\nkept\n\n## node\n\nold\n');
  const second = withSections(first, ['## node\n\nnew\n', '## prometheus\n\nnew\n'], names);
  assert.equal(sections(second), '## prometheus\n\nnew\n\n## docker\n\nkept\n\n## node\n\nnew\n');
  assert.match(second, /^# What Foreshock was run on\n\n/);
  assert.equal(withSections(second, [], names), second);
});

test('the terminal shows all that a failed test says', () => {
  assert.deepEqual(rows.map(lineOf), [
    'Docker 20.10.24: 27 passed, 33 s',
    'Docker 26.1.5: 7 passed, 2 left out, 2 min',
    `Docker 28.5.2: 1 failed, 27 run, 5 s\na > b\n${error}`,
    'Docker 29: not run: Debian has none, 0 s',
  ]);
});

test('what cannot be run is a row with the reason', async () => {
  const row = await rowOf('sid', () => Promise.reject(new Error('no such package')));
  assert.equal(row.on, 'sid');
  assert.deepEqual(row.outcome, { result: 'not run', reason: 'no such package' });
});

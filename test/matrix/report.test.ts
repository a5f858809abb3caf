import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Part, type Row, rowOf } from './part.ts';
import { lineOf, reportOf } from './report.ts';

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

test('the document', () => {
  const text = reportOf([[part, rows]], 'a machine', '2026-11-28');
  assert.equal(
    text.slice(text.indexOf('## ')),
    `## docker

Logs, compared with du.

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
  assert.match(text, /2026-11-28, on a machine/);
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

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { abbreviate, report } from '../../../rules/check/finding.ts';

test('a long list is abbreviated', () => {
  const list = Array.from({ length: 1000 }, (_, index) => `n${index}`);
  assert.equal(abbreviate(list), 'n0, n1, n2, n3, n4 and 995 more');
  assert.equal(abbreviate(list.slice(0, 6)), 'n0, n1, n2, n3, n4, n5');
});

test('the report has what is missing, then the notes', () => {
  assert.equal(
    report(
      [
        { level: 'note', what: 'no x', alerts: ['A'] },
        { level: 'missing', what: 'no y', alerts: ['A', 'B'], remedy: 'get y' },
      ],
      'http://p',
    ),
    'Checked http://p\n\nMissing:\n  - no y\n      needed by: A, B\n      remedy: get y\n\n' +
      'Notes:\n  - no x\n      used by: A\n\n1 thing is missing.\n',
  );
});

test('a finding is one line, whatever is named in it', () => {
  const text = report([{ level: 'missing', what: 'b\u001b[2J\r\n  - no z\u2028\u202e' }], 'http://p');
  assert.equal(text, 'Checked http://p\n\nMissing:\n  - b?[2J??  - no z??\n\n1 thing is missing.\n');
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { replaceSection } from '../../bench/document.ts';

const DOCUMENT = '# Title\n\nabout\n\n## one\n\nold ## one\n\n## two\n\nkept\n';

test('a section in the midst of a document', () => {
  assert.equal(replaceSection(DOCUMENT, '## one\n\nnew\n'), '# Title\n\nabout\n\n## one\n\nnew\n\n## two\n\nkept\n');
});

test('the last section', () => {
  assert.equal(
    replaceSection(DOCUMENT, '## two\n\nnew\n'),
    '# Title\n\nabout\n\n## one\n\nold ## one\n\n## two\n\nnew\n',
  );
});

test('a section that the document lacks', () => {
  assert.throws(() => replaceSection(DOCUMENT, '## three\n\nnew\n'), /no section "## three"/);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { limitLabelValue } from '../../../exporter/exposition/label-limits.ts';
import { anyCharacter } from '../../any-text.ts';

test('what is short enough stays as it is', () => {
  assert.equal(limitLabelValue('pod', 'a'.repeat(253)), 'a'.repeat(253));
  assert.equal(limitLabelValue('command', 'kubelet'), 'kubelet');
  assert.equal(limitLabelValue('command', '123456789012345'), '123456789012345');
  assert.equal(limitLabelValue('directory', `/${'ä'.repeat(511)}`), `/${'ä'.repeat(511)}`);
  assert.equal(limitLabelValue('container', '😀'), '😀');
});

test('what is too long is cut where a mark shows it, and stays apart from what begins alike', () => {
  const [one, two] = ['1', '2'].map((end) => limitLabelValue('pod', 'a'.repeat(1_000_000) + end));
  assert.match(one ?? '', /^a{244}…[0-9a-f]{8}$/);
  assert.match(two ?? '', /^a{244}…[0-9a-f]{8}$/);
  assert.notEqual(one, two);
  assert.match(limitLabelValue('command', 'systemd-resolved'), /^system…[0-9a-f]{8}$/);
  assert.match(limitLabelValue('pod', '😀'.repeat(200)), /^(😀){122}…[0-9a-f]{8}$/, 'no half of a character');
});

test('any value is short and can be written in UTF-8', () => {
  const text = fc.string({ unit: fc.oneof(anyCharacter, fc.constantFrom('\ud800', '\udc00', '\0')), maxLength: 600 });
  fc.assert(
    fc.property(fc.constantFrom('pod', 'directory', 'command', 'x'), text, (label, value) => {
      const limited = limitLabelValue(label, value);
      assert.ok(limited.length <= 512);
      assert.equal(Buffer.from(limited).toString(), limited);
      assert.equal(limitLabelValue(label, limited), limited);
    }),
  );
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { FIRST_PAGE, type PageToList, pageAfter, parsePage } from '../../../../exporter/cluster/api/list.ts';
import { anyJsonText, parsesOrThrows } from '../../../any-json.ts';

test('a page of a list', () => {
  const page = (list: object) => parsePage(JSON.stringify(list));
  assert.deepEqual(page({ metadata: { resourceVersion: '483', continue: '' }, items: [{ a: 1 }] }), {
    items: [{ a: 1 }],
    resourceVersion: '483',
  });
  assert.deepEqual(page({ metadata: { resourceVersion: '483', continue: 'abc' }, items: null }), {
    items: [],
    resourceVersion: '483',
    continue: 'abc',
  });
  for (const list of [
    {},
    { items: [] },
    { metadata: { resourceVersion: 7 }, items: [] },
    { metadata: { resourceVersion: '7' }, items: {} },
  ]) {
    assert.throws(() => page(list), /^Error: not a list of API objects: /);
  }
});

test('any text is a page or an error', () => {
  fc.assert(
    fc.property(anyJsonText('metadata', 'resourceVersion', 'continue', 'items'), (text) => {
      parsesOrThrows(text, parsePage, ({ items, resourceVersion }) => {
        assert.ok(Array.isArray(items));
        assert.ok(typeof resourceVersion === 'string' && resourceVersion !== '');
      });
    }),
  );
});

test('a list of pages ends, or is an error', () => {
  assert.equal(pageAfter(FIRST_PAGE, undefined), undefined);
  let page: PageToList = FIRST_PAGE;
  for (let number = 2; number <= 10_000; number += 1) page = pageAfter(page, `token-${number}`) ?? FIRST_PAGE;
  assert.deepEqual(page, { continue: 'token-10000', number: 10_000 });
  assert.throws(() => pageAfter(page, 'one-more'), /^ProtocolError: the API server has sent 10000 pages/);
  assert.throws(() => pageAfter({ continue: 'a', number: 2 }, 'a'), /^ProtocolError: .* same continue token twice/);
});

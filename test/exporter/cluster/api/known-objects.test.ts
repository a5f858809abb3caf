import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KnownObjects } from '../../../../exporter/cluster/api/known-objects.ts';

const object = (name: string, uid = '1') => ({ name, uid });

test('what a list leaves out has gone, what replaces an object of the same name is another one', () => {
  const known = new KnownObjects(10);
  known.startList();
  assert.equal(known.put(object('a')), undefined);
  known.put(object('b'));
  assert.deepEqual(known.endList(), []);
  assert.deepEqual(known.put(object('a', '2')), object('a', '1'));
  known.startList();
  known.put(object('a', '2'));
  assert.deepEqual(known.endList(), [object('b')]);
});

test('an object too many is refused, and lists that never end do not add up', () => {
  const known = new KnownObjects(3);
  for (const attempt of [1, 2, 3]) {
    known.startList();
    const gone = [0, 1, 2].flatMap((index) => known.put(object(`${attempt}-${index}`)) ?? []);
    assert.equal(gone.length, attempt === 1 ? 0 : 3, 'the objects of the attempt before');
    assert.throws(() => known.put(object('one-more')), /^ProtocolError: the API server has sent more than 3 objects$/);
  }
  known.startList();
  known.put(object('a'));
  assert.equal(known.endList().length, 2);
  assert.equal(known.put(object('b')), undefined);
});

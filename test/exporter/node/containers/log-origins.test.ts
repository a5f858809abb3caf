import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { LogFile } from '../../../../exporter/node/containers/log-file.ts';
import { writtenBytes } from '../../../../exporter/node/containers/log-growth.ts';
import { Origins } from '../../../../exporter/node/containers/log-origins.ts';

function file(name: string, size: number, created = 1n): LogFile {
  return {
    name,
    inode: name,
    size,
    created,
    changed: created,
    active: name === 'active',
    compressed: name.endsWith('.gz'),
  };
}

test('each new file takes the largest origin that fits and is free', () => {
  const sizes = fc.array(fc.nat(20), { maxLength: 30 });
  fc.assert(
    fc.property(sizes, sizes, (before, now) => {
      const origins = new Origins(
        before.map((size, index) => file(`${index}`, size)),
        undefined,
      );
      const free = [...before];
      for (const size of now) {
        const fitting = free.filter((origin) => origin <= size);
        const expected = fitting.length > 0 ? Math.max(...fitting) : undefined;
        assert.equal(origins.take(file('new.gz', size))?.size, expected);
        if (expected !== undefined) free.splice(free.indexOf(expected), 1);
      }
    }),
  );
});

test('a file that is not compressed takes the truncated one alone, and that once', () => {
  const active = file('active', 10);
  const origins = new Origins([file('a', 30), active, file('b', 10)], active);
  assert.equal(origins.take(file('active', 99)), undefined);
  assert.equal(origins.take(file('copy', 9)), undefined);
  assert.equal(origins.take(file('copy', 40)), active);
  assert.equal(origins.take(file('copy', 40)), undefined);
  assert.equal(new Origins([], undefined).take(file('copy', 40)), undefined);
});

/** A file of which it is counted how often one of its properties is read. */
function counted(file: LogFile, count: { reads: number }): LogFile {
  return new Proxy(file, {
    get(target, property, receiver) {
      count.reads += 1;
      return Reflect.get(target, property, receiver);
    },
  });
}

test('the work grows as the number of files does: twice as many compressed at once, hardly more than twice the reads', () => {
  const reads = (files: number) => {
    const count = { reads: 0 };
    const numbers = Array.from({ length: files }, (_, index) => index);
    const before = numbers.map((index) => counted(file(`log.${index}`, index), count));
    const now = numbers.map((index) => counted(file(`log.${index}.gz`, index + 1, 100n), count));
    assert.equal(writtenBytes(before, now, 50n), files);
    return count.reads;
  };
  const [few, many] = [reads(2000), reads(4000)];
  assert.ok(many < few * 2.5, `${few} and ${many} reads`);
});

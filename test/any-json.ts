import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Owner } from '../exporter/node/containers/container.ts';

/** JSON of any shape, often with these keys in it, whole or cut off. */
export function anyJsonText(...keys: string[]): fc.Arbitrary<string> {
  const leaf = fc.oneof(fc.string(), fc.double(), fc.boolean(), fc.constant(null));
  const key = fc.oneof(fc.constantFrom(...keys), fc.string(), fc.constantFrom('__proto__', 'constructor'));
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      leaf,
      fc.array(tie('value'), { maxLength: 3 }),
      fc.array(fc.tuple(key, tie('value')), { maxLength: 6 }).map(Object.fromEntries),
    ),
  }));
  const whole = fc.oneof(value, fc.dictionary(fc.constantFrom(...keys), value)).map((json) => JSON.stringify(json));
  return fc.oneof(
    whole,
    fc.tuple(whole, fc.nat()).map(([text, length]) => text.slice(0, length % (text.length + 1))),
    fc.string(),
  );
}

/** `parse` gives what `check` accepts, or throws an error with a message. */
export function parsesOrThrows<Value>(
  text: string,
  parse: (text: string) => Value,
  check: (value: Value) => void,
): void {
  let value: Value;
  try {
    value = parse(text);
  } catch (error) {
    assert.ok(error instanceof Error && error.message !== '' && !(error instanceof TypeError), String(error));
    return;
  }
  check(value);
}

export function assertOwner({ namespace, pod, container }: Owner): void {
  for (const label of [namespace, pod, container]) assert.equal(typeof label, 'string');
  assert.notEqual(container, '');
}

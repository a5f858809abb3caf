import fc from 'fast-check';
import type { Change } from '../../../../exporter/cluster/watcher.ts';

/**
 * Changes of an object that has a name, as everything that reaches an observer, but else any shape below these keys,
 * now and then with a value that belongs there.
 */
export function anyChange(keys: readonly string[], values: readonly unknown[]): fc.Arbitrary<Change<never>> {
  const leaf = fc.oneof(fc.constantFrom(...values), fc.string({ maxLength: 3 }), fc.integer(), fc.constant(null));
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'medium' },
      leaf,
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom(...keys), tie('value'), { maxKeys: 6 }),
    ),
  }));
  const name = fc.constantFrom('a', 'b');
  const metadata = fc
    .tuple(fc.dictionary(fc.constantFrom(...keys), value), name)
    .map(([fields, name]) => ({ ...fields, name }));
  return fc.record({
    type: fc.constantFrom('listed', 'added', 'modified', 'deleted'),
    object: fc.tuple(fc.dictionary(fc.constantFrom(...keys), value), metadata).map(([fields, metadata]) => {
      return { ...fields, metadata };
    }),
    receivedAt: fc.integer({ min: 1, max: 2_000_000_000 }),
  }) as fc.Arbitrary<Change<never>>;
}

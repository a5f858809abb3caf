import fc from 'fast-check';
import type { Change } from '../../../../exporter/cluster/watcher.ts';
import { changeOf } from '../changes.ts';

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
  const type = fc.constantFrom('listed' as const, 'added' as const, 'modified' as const, 'deleted' as const);
  const receivedAt = fc.integer({ min: 1, max: 2_000_000_000 });
  return fc
    .tuple(type, fc.dictionary(fc.constantFrom(...keys), value), metadata, receivedAt)
    .map(([type, fields, metadata, receivedAt]) => changeOf(type, { ...fields, metadata }, receivedAt));
}

import fc from 'fast-check';

const range = (min: number, max: number) => fc.integer({ min, max });

/** Any character; fast-check's own unit `binary` takes a second to build its tables. */
export const anyCharacter = fc
  .oneof(range(0, 0x7f), range(0x80, 0x7ff), range(0x800, 0xd7ff), range(0xe000, 0xffff), range(0x10000, 0x10ffff))
  .map((code) => String.fromCodePoint(code));

export const anyText = fc.string({ unit: anyCharacter });

/** Text of these pieces in any order, or any text. */
export function anyTextWith(...pieces: string[]): fc.Arbitrary<string> {
  return fc.oneof(
    anyText,
    fc.array(fc.constantFrom(...pieces)).map((parts) => parts.join('')),
  );
}

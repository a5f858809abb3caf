/** Reads `length` bytes of a file from `position` on, fewer at its end. */
export type ReadAt = (position: number, length: number) => Buffer;

const MAGIC = Buffer.from('\xff Go buildinf:', 'latin1');

/** Flag of the header: the two strings follow it, which is so since Go 1.18. */
const INLINE_STRINGS = 2;

/** More than any section that is read here has. */
const MAX_SECTION_BYTES = 1024 ** 2;

/**
 * What `go version -m` tells of an executable of Linux: lines such as `mod	k8s.io/kubernetes	v1.33.1	` and
 * `build	-ldflags="…"` (Go, runtime/debug.BuildInfo). Undefined when it is no such executable. It costs four short reads.
 */
export function readBuildInfo(read: ReadAt): string | undefined {
  const section = readSection(read, '.go.buildinfo');
  return section && parseBuildInfo(section);
}

/** The section `.go.buildinfo` (Go, debug/buildinfo): a header of 32 bytes, then the version of Go and the build info. */
export function parseBuildInfo(section: Buffer): string | undefined {
  const isInline = ((section[15] ?? 0) & INLINE_STRINGS) !== 0;
  if (!section.subarray(0, MAGIC.length).equals(MAGIC) || !isInline) return undefined;
  const info = stringAt(section, stringAt(section, 32).end);
  // The linker puts 16 bytes before and after it, to find it by.
  return info.bytes.length < 32 ? undefined : info.bytes.subarray(16, -16).toString('utf8');
}

/** Bytes whose count goes before them as a varint (Go, encoding/binary.Uvarint). */
function stringAt(buffer: Buffer, start: number): { bytes: Buffer; end: number } {
  let length = 0;
  let position = start;
  for (let factor = 1; factor < 2 ** 35; factor *= 128) {
    const byte = buffer[position] ?? 0;
    position += 1;
    length += (byte % 128) * factor;
    if (byte < 128) break;
  }
  const end = position + length;
  return { bytes: buffer.subarray(position, end), end };
}

/** A section of a 64-bit little-endian ELF file (elf(5)), undefined when there is none. */
function readSection(read: ReadAt, name: string): Buffer | undefined {
  const header = read(0, 64);
  if (header.length < 64 || header.toString('latin1', 0, 6) !== '\x7fELF\x02\x01') return undefined;
  const size = header.readUInt16LE(0x3a);
  const table = readBounded(read, header.readBigUInt64LE(0x28), BigInt(size * header.readUInt16LE(0x3c)));
  const sections: Buffer[] = [];
  for (let start = 0; size >= 0x40 && start + size <= table.length; start += size) {
    sections.push(table.subarray(start, start + size));
  }
  const namesSection = sections[header.readUInt16LE(0x3e)];
  const names = namesSection && contentOf(read, namesSection);
  const nameOf = (section: Buffer) => names?.toString('latin1', section.readUInt32LE(0)).split('\0', 1)[0];
  const found = sections.find((section) => nameOf(section) === name);
  return found && contentOf(read, found);
}

function contentOf(read: ReadAt, section: Buffer): Buffer {
  return readBounded(read, section.readBigUInt64LE(0x18), section.readBigUInt64LE(0x20));
}

function readBounded(read: ReadAt, position: bigint, length: bigint): Buffer {
  if (length > MAX_SECTION_BYTES || position > Number.MAX_SAFE_INTEGER) return Buffer.alloc(0);
  return read(Number(position), Number(length));
}

import { inflateSync } from 'node:zlib';

/** What a PNG with three or four bytes a pixel holds (w3.org/TR/png). */
export interface Png {
  readonly width: number;
  readonly height: number;
  /** How many of its rows of pixels, as they are compressed, differ from each other: of a blank picture one or two. */
  readonly distinctRows: number;
}

const SIGNATURE = '89504e470d0a1a0a';
const RGBA = 6;

export function readPng(bytes: Buffer): Png {
  if (bytes.subarray(0, 8).toString('hex') !== SIGNATURE) throw new Error('not a PNG');
  const chunks = [...chunksOf(bytes)];
  const header = chunks.find(({ type }) => type === 'IHDR')?.data ?? Buffer.alloc(0);
  const [width, height, colorType] = [header.readUInt32BE(0), header.readUInt32BE(4), header.readUInt8(9)];
  const pixels = inflateSync(Buffer.concat(chunks.filter(({ type }) => type === 'IDAT').map(({ data }) => data)));
  const length = 1 + width * (colorType === RGBA ? 4 : 3);
  const rows = Array.from({ length: height }, (_, row) => pixels.toString('latin1', row * length, (row + 1) * length));
  return { width, height, distinctRows: new Set(rows).size };
}

function* chunksOf(bytes: Buffer): Iterable<{ type: string; data: Buffer }> {
  for (let at = 8; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    yield { type: bytes.toString('latin1', at + 4, at + 8), data: bytes.subarray(at + 8, at + 8 + length) };
    at += 12 + length;
  }
}

import { readFileSync } from 'node:fs';
import { endianness } from 'node:os';

/** The entry of the auxiliary vector that holds the size of a page, and the one that ends it (include/uapi/linux/auxvec.h). */
const AT_NULL = 0n;
const AT_PAGESZ = 6n;

const POINTERS_OF_4_BYTES: readonly string[] = ['arm', 'ia32', 'mips', 'mipsel'];

/**
 * Bytes of a page of memory, which is the same for all processes of a kernel and in all containers: what the kernel told
 * this process when it started (getauxval(3)). Undefined when that is not readable, or makes no sense.
 *
 * It is not computed from files of /proc that give one quantity in pages and in KiB: lxcfs rewrites one of them and not
 * the other.
 */
export function pageSize(vector = readVector(), wordBytes = pointerBytes()): number | undefined {
  const words = wordsOf(vector, wordBytes);
  for (let index = 0; index + 1 < words.length && words[index] !== AT_NULL; index += 2) {
    const size = words[index] === AT_PAGESZ ? Number(words[index + 1]) : 0;
    if (size >= 4096 && Number.isInteger(Math.log2(size))) return size;
  }
  return undefined;
}

/** Pairs of unsigned words, as long as a pointer each, in the byte order of the machine (proc_pid_auxv(5)). */
function wordsOf(vector: Buffer, wordBytes: 4 | 8): bigint[] {
  const isLittle = endianness() === 'LE';
  const count = Math.floor(vector.length / wordBytes);
  return Array.from({ length: count }, (_, index) => {
    const at = index * wordBytes;
    if (wordBytes === 4) return BigInt(isLittle ? vector.readUInt32LE(at) : vector.readUInt32BE(at));
    return isLittle ? vector.readBigUInt64LE(at) : vector.readBigUInt64BE(at);
  });
}

function pointerBytes(): 4 | 8 {
  return POINTERS_OF_4_BYTES.includes(process.arch) ? 4 : 8;
}

function readVector(): Buffer {
  try {
    return readFileSync('/proc/self/auxv');
  } catch {
    return Buffer.alloc(0);
  }
}

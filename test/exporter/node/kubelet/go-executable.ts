/** A section `.go.buildinfo` as Go writes it since 1.18, with this build info. */
export function goBuildInfo(info: string): Buffer {
  const header = Buffer.alloc(32);
  header.write('\xff Go buildinf:', 'latin1');
  header[14] = 8;
  header[15] = 2;
  const sentinel = Buffer.alloc(16, 0x30);
  return Buffer.concat([
    header,
    counted(Buffer.from('go1.24.2')),
    counted(Buffer.concat([sentinel, Buffer.from(info), sentinel])),
  ]);
}

function counted(bytes: Buffer): Buffer {
  const count: number[] = [];
  let rest = bytes.length;
  for (; rest >= 128; rest = Math.floor(rest / 128)) count.push(128 + (rest % 128));
  return Buffer.concat([Buffer.from([...count, rest]), bytes]);
}

/** A 64-bit little-endian ELF file of nothing but these sections. */
export function elfWith(sections: Record<string, Buffer>): Buffer {
  const all = Object.entries({
    ...sections,
    '.shstrtab': Buffer.from(`\0${[...Object.keys(sections), '.shstrtab'].join('\0')}\0`),
  });
  const names = all.at(-1)?.[1] ?? Buffer.alloc(0);
  const parts: Buffer[] = [];
  const table: Buffer[] = [];
  let offset = 64;
  for (const [name, content] of all) {
    const entry = Buffer.alloc(64);
    entry.writeUInt32LE(names.indexOf(`\0${name}\0`) + 1, 0);
    entry.writeBigUInt64LE(BigInt(offset), 0x18);
    entry.writeBigUInt64LE(BigInt(content.length), 0x20);
    parts.push(content);
    table.push(entry);
    offset += content.length;
  }
  const header = Buffer.alloc(64);
  header.write('\x7fELF\x02\x01\x01', 'latin1');
  header.writeBigUInt64LE(BigInt(offset), 0x28);
  header.writeUInt16LE(64, 0x3a);
  header.writeUInt16LE(all.length, 0x3c);
  header.writeUInt16LE(all.length - 1, 0x3e);
  return Buffer.concat([header, ...parts, ...table]);
}

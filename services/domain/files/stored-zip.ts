/** A zip archive of texts, stored and not compressed: enough for what a person exports. Times are those of 1980: the same input gives the same file. */
export function storedZip(files: Readonly<Record<string, string>>): Uint8Array<ArrayBuffer> {
  const encoder = new TextEncoder();
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const [path, text] of Object.entries(files)) {
    const [name, content] = [encoder.encode(path), encoder.encode(text)];
    const facts = [crc32(content), content.length, content.length];
    const local = record(0x04034b50, [20, 0x0800, 0, 0, 0x21], facts, [name.length, 0]);
    const tail = [name.length, 0, 0, 0, 0];
    const central = record(0x02014b50, [20, 20, 0x0800, 0, 0, 0x21], facts, tail, [0, offset]);
    parts.push(local, name, content);
    directory.push(central, name);
    offset += local.length + name.length + content.length;
  }
  const count = Object.keys(files).length;
  const size = directory.reduce((sum, part) => sum + part.length, 0);
  const end = record(0x06054b50, [0, 0, count, count], [size, offset], [0]);
  return joined([...parts, ...directory, end]);
}

/** Little-endian: a signature and numbers of 32 bits in even groups, of 16 bits in odd ones. */
function record(signature: number, ...groups: readonly number[][]): Uint8Array {
  const length = groups.reduce((sum, group, at) => sum + group.length * (at % 2 === 0 ? 2 : 4), 4);
  const view = new DataView(new ArrayBuffer(length));
  view.setUint32(0, signature, true);
  let at = 4;
  groups.forEach((group, index) => {
    for (const value of group) {
      if (index % 2 === 0) view.setUint16(at, value, true);
      else view.setUint32(at, value, true);
      at += index % 2 === 0 ? 2 : 4;
    }
  });
  return new Uint8Array(view.buffer);
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value >>> 0;
});

function crc32(bytes: Uint8Array): number {
  let value = 0xffffffff;
  for (const byte of bytes) value = TABLE[(value ^ byte) & 0xff]! ^ (value >>> 8);
  return (value ^ 0xffffffff) >>> 0;
}

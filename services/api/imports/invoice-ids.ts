import { createKeccak } from 'hash-wasm';

/** The hash under which the chain knows an invoice. The same as invoiceId of #chain, fast enough for 100,000 of them. */
export async function invoiceHasher(): Promise<(seller: string, number: string) => Buffer> {
  const keccak = await createKeccak(256);
  return (seller, number) => {
    const [a, b] = [bytesOf(seller), bytesOf(number)];
    return Buffer.from(
      keccak
        .init()
        .update(Buffer.concat([word(64), word(64 + a.length), a, b]))
        .digest('binary'),
    );
  };
}

/** ABI: the length of a text, and the text filled up to whole words. */
function bytesOf(text: string): Buffer {
  const bytes = Buffer.from(text, 'utf8');
  return Buffer.concat([word(bytes.length), bytes, Buffer.alloc((32 - (bytes.length % 32)) % 32)]);
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(32);
  bytes.writeUInt32BE(value, 28);
  return bytes;
}

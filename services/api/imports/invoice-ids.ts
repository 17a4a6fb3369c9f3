/** The ids of many invoices at once. */
import { createKeccak } from 'hash-wasm';
import type { InvoiceName } from '#domain/invoices/canonical.ts';

/** The hash under which the chain knows an invoice. The same as invoiceId of #chain, fast enough for 100,000 of them. */
export async function invoiceHasher(): Promise<(name: InvoiceName) => Buffer> {
  const keccak = await createKeccak(256);
  return ({ seller, code, number }) => {
    const texts = [seller, code, number].map(bytesOf);
    let at = 32 * texts.length;
    const heads = texts.map(({ length }) => word((at += length) - length));
    return Buffer.from(
      keccak
        .init()
        .update(Buffer.concat([...heads, ...texts]))
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

/** Hashes and addresses are hex (`0x…`) in the code and bytea, hence Buffer, in the database. */

export const toBytes = (hex: string): Buffer => Buffer.from(hex.slice(2), 'hex');

export const toHex = (bytes: Buffer): string => `0x${bytes.toString('hex')}`;

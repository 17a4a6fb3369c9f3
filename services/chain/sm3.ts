/**
 * SM3 (GM/T 0004, GB/T 32905), written here because it has to run in a page too: WebCrypto and @noble/hashes have none, and the
 * page's security policy lets no WebAssembly in. Compared with OpenSSL's by the tests.
 */
const START = [
  0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600, 0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e,
] as const;
const BLOCK = 64;

const rotated = (x: number, by: number): number => (x << by) | (x >>> (32 - by));

/** The rotated constant of each round. */
const CONSTANTS = Int32Array.from({ length: 64 }, (_, i) =>
  rotated(i < 16 ? 0x79cc4519 : 0x7a879d8a, i % 32),
);

export function sm3(message: Uint8Array): Uint8Array {
  const state = Int32Array.from(START);
  const words = new Int32Array(68);
  const padded = withPadding(message);
  for (let at = 0; at < padded.byteLength; at += BLOCK) {
    expand(padded, at, words);
    compress(state, words);
  }
  const hash = new DataView(new ArrayBuffer(32));
  state.forEach((word, i) => hash.setInt32(4 * i, word));
  return new Uint8Array(hash.buffer);
}

/** A one, zeros, and the length in bits, up to the end of a block. */
function withPadding(message: Uint8Array): DataView {
  const blocks = Math.ceil((message.length + 9) / BLOCK);
  const padded = new Uint8Array(blocks * BLOCK);
  padded.set(message);
  padded[message.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setBigUint64(padded.length - 8, BigInt(message.length) * 8n);
  return view;
}

function expand(padded: DataView, at: number, w: Int32Array): void {
  for (let i = 0; i < 16; i++) w[i] = padded.getInt32(at + 4 * i);
  for (let i = 16; i < 68; i++) {
    const x = w[i - 16]! ^ w[i - 9]! ^ rotated(w[i - 3]!, 15);
    w[i] = x ^ rotated(x, 15) ^ rotated(x, 23) ^ rotated(w[i - 13]!, 7) ^ w[i - 6]!;
  }
}

function compress(state: Int32Array, w: Int32Array): void {
  let [a, b, c, d, e, f, g, h] = state as unknown as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  for (let i = 0; i < 64; i++) {
    const turned = rotated(a, 12);
    const ss1 = rotated((turned + e + CONSTANTS[i]!) | 0, 7);
    const ff = i < 16 ? a ^ b ^ c : (a & b) | (c & (a | b));
    const gg = i < 16 ? e ^ f ^ g : g ^ (e & (f ^ g));
    const tt1 = (ff + d + (ss1 ^ turned) + (w[i]! ^ w[i + 4]!)) | 0;
    const tt2 = (gg + h + ss1 + w[i]!) | 0;
    [d, c, b, a] = [c, rotated(b, 9), a, tt1];
    [h, g, f, e] = [g, rotated(f, 19), e, tt2 ^ rotated(tt2, 9) ^ rotated(tt2, 17)];
  }
  [a, b, c, d, e, f, g, h].forEach((word, i) => (state[i]! ^= word));
}

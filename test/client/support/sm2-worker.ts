/** A thread that signs and checks: every signature has to be right, and every sixteenth wrong when a bit of it is turned. */
import { createHash } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';
import { isSm2Signature } from '#chain/sm2.ts';
import { Sm2Key } from '#client/signers/sm2.ts';

const { seed, count } = workerData as { seed: string; count: number };
const KEY_LASTS = 1_000;
const hashOf = (text: string): Buffer => createHash('sha256').update(text).digest();

let key = Sm2Key.fromSeed(seed);
for (let n = 0; n < count; n++) {
  if (n % KEY_LASTS === 0) key = Sm2Key.fromSeed(`${seed} ${n}`);
  const point = { x: BigInt(key.x), y: BigInt(key.y) };
  const message = hashOf(`${seed} message ${n}`);
  const signature = Buffer.from(key.signMessage(message).slice(2), 'hex');
  if (!isSm2Signature(message, point, signature)) throw new Error(`${seed}: signature ${n} is not right`);
  if (n % 16 !== 0) continue;
  const at = hashOf(`${seed} bit ${n}`).readUInt32BE() % 512;
  signature[at >> 3]! ^= 1 << (at & 7);
  if (isSm2Signature(message, point, signature))
    throw new Error(`${seed}: signature ${n} is right in spite of bit ${at}`);
}
parentPort!.postMessage(count);

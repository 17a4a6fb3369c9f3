/** A key pair that this browser keeps and cannot give out, one for each seat of each person. */
import { Kept } from '#web/state/kept.ts';

const NAME = 'tallystick documents';
const holders = new Kept<CryptoKeyPair>(NAME, 'holders');

export const storedPair = (seat: string): Promise<CryptoKeyPair | undefined> => holders.get(seat);

export async function storePair(seat: string, pair: CryptoKeyPair): Promise<void> {
  await holders.put(seat, pair);
  // The first page asks for it (routes/(app)/+layout.svelte).
  localStorage.setItem(NAME, seat);
}

/** A key pair that this browser keeps and cannot give out, one for each seat of each person. */
import { Kept } from '#web/state/kept.ts';

const holders = new Kept<CryptoKeyPair>('tallystick documents', 'holders');

export const storedPair = (seat: string): Promise<CryptoKeyPair | undefined> => holders.get(seat);

export const storePair = (seat: string, pair: CryptoKeyPair): Promise<unknown> => holders.put(seat, pair);

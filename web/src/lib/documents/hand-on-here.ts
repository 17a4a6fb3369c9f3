/** Where this browser keeps a key: members who have a new one get what is held here. */
import { handOnAnew } from './bill-documents.ts';
import { carrier } from './carrier.ts';
import { standingOf } from './own-key.ts';

/** Asks nobody for a finger: what a passkey keeps is handed on when it is opened. */
export async function handOnHere(): Promise<void> {
  const standing = await standingOf(await carrier.key());
  if (standing.is === 'open') await handOnAnew(standing.key);
}

/** Keys of members that this browser has seen: another one counts only if its signer is the same, or a person has compared. */
import { bytesOf, standingOf, type SeenKey, type Standing } from '#client/documents/stated-key.ts';
import type { Judge } from '#client/documents/attached.ts';
import type { Pin } from '#client/instructions/index.ts';
import type { DocumentKey, Status } from '#web/api/schema.ts';
import { pinned } from '#web/instructions/pinned.ts';

const nameOf = (member: number): string => `tallystick document key ${member}`;

function seenOf(member: number): SeenKey | undefined {
  const kept = localStorage.getItem(nameOf(member));
  return kept === null ? undefined : (JSON.parse(kept) as SeenKey);
}

const keep = (member: number, { publicKey, signer }: DocumentKey): void =>
  localStorage.setItem(
    nameOf(member),
    JSON.stringify({
      publicKeys: [...(seenOf(member)?.publicKeys ?? []).filter((each) => each !== publicKey), publicKey],
      signer,
    } satisfies SeenKey),
  );

export const standingHere = (stated: DocumentKey, pin: Pin): Standing =>
  standingOf({ ...stated, member: stated.member.number }, pin, seenOf(stated.member.number));

/** @param own The firm's own public key, known from its private half: nobody else's stands for it. */
export const judgeBy =
  (pin: Pin, own: { member: number; publicKey: string }): Judge =>
  (stated) => {
    const { number } = stated.member;
    if (number === own.member)
      return stated.publicKey === own.publicKey ? bytesOf(stated.publicKey) : undefined;
    const standing = standingHere(stated, pin);
    if (standing === 'not signed' || standing === 'changed') return undefined;
    if (standing !== 'known') keep(number, stated);
    return bytesOf(stated.publicKey);
  };

/** A person has compared the fingerprint with what the member says. */
export const acceptKey = (stated: DocumentKey): void => keep(stated.member.number, stated);

/** Chain and verifiers as this browser first saw them. */
export const pinHere = ({ chainId, contracts }: Pick<Status, 'chainId' | 'contracts'>): Pin =>
  pinned('tallystick contracts', { chainId, contracts });

/** From people, seats, devices and keys to JSON. */
import { getAddress } from 'ethers';
import type { ApiKey } from '#db/people/api-keys.ts';
import type { Link } from '#db/people/links.ts';
import type { OwnSigner } from '#db/people/own-signers.ts';
import type { Passkey } from '#db/people/passkeys.ts';
import type { Person, Seat } from '#db/people/persons.ts';
import { toHex } from '#db/wire/bytes.ts';
import type { Services } from '../services.ts';

export const personView = ({ id, name, email, language }: Person) => ({ id, name, email, language });

export async function seatViews({ names }: Pick<Services, 'names'>, seats: readonly Seat[]) {
  const refOf = await names.of(seats.map(({ member }) => member));
  return seats.map(({ member, rights, branch }) => ({
    member: member === null ? null : refOf(member),
    rights: [...rights],
    branch: branch ? getAddress(branch) : null,
  }));
}

export const deviceView = (key: Passkey) => ({
  id: key.id,
  name: key.name,
  isBackedUp: key.isBackedUp,
  createdAt: key.createdAt.toISOString(),
  usedAt: key.usedAt?.toISOString() ?? null,
  x: toHex(key.x),
  y: toHex(key.y),
  credentialId: key.credentialId.toString('base64url'),
});

export const ownSignerView = ({ id, type, signer, name, createdAt }: OwnSigner) => ({
  id,
  type,
  key: signer,
  name,
  createdAt: createdAt.toISOString(),
});

export const linkView = ({ id, offer, note, createdAt, expiresAt, usedAt }: Link) => ({
  id,
  purpose: offer.purpose,
  note,
  rights: 'rights' in offer ? [...offer.rights] : [],
  branch: offer.purpose === 'seat' && offer.branch ? getAddress(offer.branch) : null,
  createdAt: createdAt.toISOString(),
  expiresAt: expiresAt.toISOString(),
  usedAt: usedAt?.toISOString() ?? null,
});

export const apiKeyView = ({ id, name, rights, ranges, createdAt, expiresAt, usedAt }: ApiKey) => ({
  id,
  name,
  rights: [...rights],
  ranges: [...ranges],
  createdAt: createdAt.toISOString(),
  expiresAt: expiresAt.toISOString(),
  usedAt: usedAt?.toISOString() ?? null,
});

import type { Parcel } from '#web/api/schema.ts';
import { text } from '#web/format.ts';
import { m } from '#web/paraglide/messages.js';
import type { Piece } from './ribbon.ts';

/** A parcel of the API as a piece of the ribbon. */
export const pieceOf = (parcel: Parcel): Piece => ({
  id: parcel.id,
  first: BigInt(parcel.first),
  end: BigInt(parcel.end),
  holder: parcel.holder?.number ?? null,
  holderName: parcel.holder ? text(parcel.holder.name) : m.hidden_holder(),
  state: parcel.state,
});

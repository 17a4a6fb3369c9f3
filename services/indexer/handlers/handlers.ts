import type { Ledger } from '#db/ledger/ledger.ts';
import type { EventArgs, EventName, SourceName } from '../decode.ts';

/** Maps an event to what it changes. No clock, network or randomness: what it needs is in the event or the ledger. */
type Handler<Args> = (ledger: Ledger, args: Args) => void | Promise<void>;

/** An event that changes nothing in the read model, and why that is so. */
export type Ignored = { readonly ignored: string };
export const ignore = (why: string): Ignored => ({ ignored: why });

/** One entry for each event of a contract: the compiler refuses a list that leaves one out. */
export type Handlers<Name extends SourceName> = {
  readonly [Event in EventName<Name>]: Handler<EventArgs<Name, Event>> | Ignored;
};

import type { Ledger } from '#db/ledger/ledger.ts';
import type { Decoded, SourceName } from '../decode.ts';
import { accessManager } from './access-manager.ts';
import { orgAccount, orgAccountFactory } from './accounts.ts';
import { bills } from './bills.ts';
import { cash } from './cash.ts';
import { desk, lines } from './lines-and-desk.ts';
import type { Handlers, Ignored } from './handlers.ts';
import { rulebook } from './rulebook.ts';

const handlers: { readonly [Name in SourceName]: Handlers<Name> } = {
  accessManager,
  orgAccountFactory,
  orgAccount,
  rulebook,
  bills,
  cash,
  lines,
  desk,
};

type AnyHandler = Ignored | ((ledger: Ledger, args: unknown) => void | Promise<void>);

/** Throws for an event that no list of handlers names. */
export async function handle(ledger: Ledger, { source, name, args }: Decoded): Promise<void> {
  const handler = (handlers[source] as Readonly<Record<string, AnyHandler>>)[name];
  if (handler === undefined) throw new Error(`no handler for the event ${name} of ${source}`);
  if (typeof handler === 'function') await handler(ledger, args);
}

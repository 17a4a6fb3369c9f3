/** All acts, by the names of their events. A capability adds its line here. */
import { billActs } from '../bills/acts.ts';
import { offerActs } from '../offers/acts.ts';
import { paymentActs } from '../payments/acts.ts';
import { saleActs } from '../sales/acts.ts';
import type { ActDefinition } from './act.ts';

export const acts = { ...billActs, ...offerActs, ...saleActs, ...paymentActs } as const;

/** An event of the ledger's trail. */
export type ActEvent = keyof typeof acts;
/** What the API calls it. */
export type ActWord = (typeof acts)[ActEvent]['word'];

const entries = Object.entries(acts) as [ActEvent, ActDefinition<ActWord>][];

export const ACT_WORDS: readonly ActWord[] = [...new Set(entries.map(([, { word }]) => word))];
/** Titles by the word; of events that share one, the first's. */
export const ACT_TITLES = Object.fromEntries(
  entries.map(([, { word, title }]) => [word, title] as const).reverse(),
) as Readonly<Record<ActWord, ActDefinition['title']>>;

export const eventsThat = (fits: (act: ActDefinition) => boolean): readonly ActEvent[] =>
  entries.filter(([, definition]) => fits(definition)).map(([event]) => event);

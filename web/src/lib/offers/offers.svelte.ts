import { SvelteSet } from 'svelte/reactivity';
import { addDays, parseLegalDate } from '#domain/dates.ts';
import { api } from '#web/api/client.ts';
import { asProblem, type ApiProblem } from '#web/api/problem.ts';
import type { Offer } from '#web/api/schema.ts';
import { money, moneyOf, sum, text } from '#web/format.ts';
import type { Ask } from '#web/instructions/ask.svelte.ts';
import { m } from '#web/paraglide/messages.js';
import { flows, type SheetView } from '#web/instructions/flow.svelte.ts';
import { PagedQuery } from '#web/state/query.svelte.ts';
import { session } from '#web/state/session.svelte.ts';

/** Batches of a person: the API takes up to a hundred parcels in one act. */
const MAX_PARCELS = 100;

/** What is on offer to the member, or by it, and the answers to it. */
export class OffersState {
  readonly list: PagedQuery<Offer>;
  readonly chosen = new SvelteSet<string>();
  problem = $state.raw<ApiProblem>();
  /** The parcel, or 'chosen', whose act is being prepared. */
  preparing = $state<string>();
  extending = $state.raw<Ask>();

  constructor(direction: () => 'in' | 'out') {
    this.list = new PagedQuery((page, signal) => api.offers({ direction: direction(), ...page }, signal));
  }

  get chosenOffers(): Offer[] {
    return this.list.rows
      .filter(({ parcel, over }) => !over && this.chosen.has(parcel.id))
      .slice(0, MAX_PARCELS);
  }

  toggle(id: string): void {
    if (!this.chosen.delete(id)) this.chosen.add(id);
  }

  take(offers: readonly Offer[]): Promise<void> {
    const parcels = offers.map((offer) => offer.parcel.id);
    return this.#begin(
      parcels.length > 1 ? 'chosen' : parcels[0]!,
      { type: 'take', parcels },
      {
        facts: [
          {
            label: m.amount(),
            value: moneyOf(sum(offers.map((offer) => offer.parcel.amount))),
            strong: true,
          },
          { label: m.parcels(), value: String(offers.length) },
          { label: m.from(), value: namesOf(offers) },
        ],
        warning: m.take_warning(),
        touches: parcels,
        link: () => (offers.length === 1 ? `/bills/${offers[0]!.bill.billNo}` : '/holdings'),
        ondone: () => this.chosen.clear(),
      },
    );
  }

  refuse = (offer: Offer): Promise<void> => this.#answer(offer, 'refuse');
  withdraw = (offer: Offer): Promise<void> => this.#answer(offer, 'withdraw');
  expire = (offer: Offer): Promise<void> => this.#answer(offer, 'expire');

  #answer(offer: Offer, type: 'refuse' | 'withdraw' | 'expire'): Promise<void> {
    const parcel = offer.parcel.id;
    return this.#begin(
      parcel,
      { type, parcel },
      {
        facts: [
          { label: m.amount(), value: moneyOf(sum([offer.parcel.amount])), strong: true },
          { label: m.from(), value: text(offer.from.name) },
          { label: m.to(), value: text(offer.to.name) },
        ],
        touches: [parcel],
        link: () => `/bills/${offer.bill.billNo}`,
      },
    );
  }

  async #begin(preparing: string, act: Parameters<typeof flows.begin>[0], view: SheetView): Promise<void> {
    this.preparing = preparing;
    this.problem = undefined;
    try {
      await flows.begin(act, view);
    } catch (error) {
      this.problem = asProblem(error);
    } finally {
      this.preparing = undefined;
    }
  }
}

/** An offer that ends before its bill falls due can be given more time, also when its own is over. */
export const canBeExtended = ({ until, bill }: Offer): boolean =>
  until !== null && session.today < bill.due && until < lastDayOf(bill);

/** The holder says until when its offer can be taken: later than now, and before the bill is due. */
export const extensionOf = ({ parcel, bill, to, until }: Offer): Ask => ({
  name: 'extend',
  known: { parcel: parcel.id },
  dates: { min: laterOf(session.today, dayAfter(until ?? session.today)), max: lastDayOf(bill) },
  view: {
    facts: [
      { label: m.amount(), value: money(parcel.amount), strong: true },
      { label: m.to(), value: text(to.name) },
      { label: m.due(), value: bill.due },
    ],
    touches: [parcel.id],
    link: () => `/bills/${bill.billNo}`,
  },
});

const dayAfter = (date: string): string => addDays(parseLegalDate(date), 1);
const laterOf = (one: string, other: string): string => (one > other ? one : other);
/** An offer cannot be taken on the due date. */
const lastDayOf = ({ due }: Offer['bill']): string => addDays(parseLegalDate(due), -1);

const namesOf = (offers: readonly Offer[]): string => {
  const names = offers.map((offer) => text(offer.from.name));
  return names.filter((name, index) => names.indexOf(name) === index).join(', ');
};

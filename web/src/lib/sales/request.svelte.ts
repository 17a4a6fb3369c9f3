import { parseRate } from '#domain/money.ts';
import { api } from '#web/api/client.ts';
import type { FinancingRequestDetail, Quote, QuoteOffer, QuoteProposal } from '#web/api/schema.ts';
import { Form } from '#web/ui/form.svelte.ts';
import { minorOf, money, percent, roundPercent, text } from '#web/format.ts';
import { m } from '#web/paraglide/messages.js';
import { flows } from '#web/instructions/flow.svelte.ts';
import { Query } from '#web/state/query.svelte.ts';
import { session } from '#web/state/session.svelte.ts';
import { recourseName } from '#web/sales/words.ts';

/** One request: for the holder the offers to choose from, for a bank what it would buy. */
export class RequestState extends Form {
  readonly request: Query<FinancingRequestDetail>;
  /** Quotes of one's own that lack signatures. */
  readonly waiting = new Query<Quote[]>(async (signal) =>
    session.has('bank') ? (await api.quotes({ state: 'prepared', limit: 200 }, signal)).items : [],
  );
  quoting = $state(false);

  constructor(id: () => string) {
    super();
    this.request = new Query((signal) => api.request(id(), signal));
  }

  isMine(request: FinancingRequestDetail): boolean {
    return request.seller.number === session.me;
  }

  myQuote(request: FinancingRequestDetail): QuoteOffer | undefined {
    return request.offers.find((offer) => offer.bank.number === session.me);
  }

  hasDeclined(request: FinancingRequestDetail): boolean {
    return request.invitations.some(({ bank, state }) => bank.number === session.me && state === 'declined');
  }

  /** Sells against one offer: as much of the piece as was asked for and quoted. */
  accept(request: FinancingRequestDetail, offer: QuoteOffer): Promise<boolean> {
    const isWhole = request.piece !== null && minorOf(request.piece.amount) === minorOf(offer.amount);
    const view = {
      facts: [
        { label: m.bank(), value: text(offer.bank.name) },
        { label: m.amount(), value: money(offer.amount) },
        {
          label: m.interest(),
          value: `${money(offer.interest)} · ${percent(offer.rate)} · ${m.days({ days: offer.days })}`,
        },
        { label: m.fee(), value: money(offer.fee) },
        { label: m.net(), value: money(offer.net), strong: true },
        { label: m.yearly_cost(), value: roundPercent(parseRate(offer.yearlyCost365)) },
        { label: m.recourse(), value: recourseName(offer.recourse) },
      ],
      ...(offer.recourse === 'without' ? {} : { warning: m.recourse_warning() }),
      touches: [request.parcel, request.billNo],
      link: () => `/bills/${request.billNo}`,
    };
    return this.run(() =>
      flows.begin(
        {
          type: 'sell',
          parcel: request.parcel,
          quote: offer.quote,
          ...(isWhole ? {} : { amount: offer.amount }),
        },
        view,
      ),
    );
  }

  /** Sells to several banks in one signing: to each the part that the proposal names. */
  acceptTogether(request: FinancingRequestDetail, proposal: QuoteProposal): Promise<boolean> {
    const [one, ...others] = proposal.parts;
    if (one === undefined) return Promise.resolve(false);
    const offerOf = (quote: string) => request.offers.find((offer) => offer.quote === quote);
    const recourses = proposal.parts.map(({ quote }) => offerOf(quote)?.recourse ?? 'without');
    const view = {
      facts: [
        ...proposal.parts.map((part, index) => ({
          label: text(part.bank.name),
          value: `${money(part.amount)} → ${money(part.net)} · ${recourseName(recourses[index]!)}`,
        })),
        { label: m.amount(), value: money(proposal.amount) },
        { label: m.net(), value: money(proposal.net), strong: true },
        { label: m.yearly_cost(), value: roundPercent(parseRate(proposal.yearlyCost365)) },
      ],
      ...(recourses.every((recourse) => recourse === 'without') ? {} : { warning: m.recourse_warning() }),
      touches: [request.parcel, request.billNo],
      link: () => `/bills/${request.billNo}`,
    };
    return this.run(() =>
      flows.begin(
        {
          type: 'sell',
          parcel: request.parcel,
          quote: one.quote,
          amount: one.amount,
          ...(others.length ? { others: others.map(({ quote, amount }) => ({ quote, amount })) } : {}),
        },
        view,
      ),
    );
  }

  async decline(request: FinancingRequestDetail): Promise<void> {
    if (await this.run(() => api.decline(request.id))) await this.request.refresh();
  }

  async callOff(request: FinancingRequestDetail): Promise<void> {
    if (await this.run(() => api.callOff(request.id))) await this.request.refresh();
  }

  cancelQuote(request: FinancingRequestDetail, offer: QuoteOffer): Promise<boolean> {
    return this.run(() =>
      flows.begin(
        { type: 'cancelQuote', quote: offer.quote },
        {
          facts: [
            { label: m.applicant(), value: text(request.seller.name) },
            { label: m.amount(), value: money(offer.amount), strong: true },
          ],
          link: () => `/financing/${request.id}`,
        },
      ),
    );
  }
}

import { api } from '#web/api/client.ts';
import { asProblem, type ApiProblem } from '#web/api/problem.ts';
import type { BillDetail, BillDocument, Parcel } from '#web/api/schema.ts';
import type { Doing } from '#web/holdings/holdings.svelte.ts';
import { titleOf } from '#web/instructions/words.ts';
import { flows } from '#web/instructions/flow.svelte.ts';
import { Query } from '#web/state/query.svelte.ts';
import { session } from '#web/state/session.svelte.ts';
import { underWay } from '#web/instructions/under-way.svelte.ts';
import { shortBillNo } from '#web/words.ts';
import { BillHistory } from './history.svelte.ts';
import { pieceOf } from './pieces.ts';
import { holdersOf, type Piece } from './ribbon.ts';
import { wayOf } from './tree.ts';

const OPEN_TO_PAY = ['active', 'matured', 'part_paid'];

/** One bill with its line, its parcels, what happened to it and what stands behind it. */
export class BillState {
  readonly bill: Query<BillDetail>;
  readonly history: BillHistory;
  readonly document: Query<BillDocument>;
  /** The parcel under the pointer, in the ribbon or in the list. */
  hovered = $state<string>();
  doing = $state.raw<Doing>();
  paying = $state(false);
  problem = $state.raw<ApiProblem>();

  constructor(billNo: () => string) {
    this.history = new BillHistory(billNo);
    this.bill = new Query((signal) => api.bill(billNo(), signal, this.history.asOf), { keep: true });
    this.document = new Query((signal) => api.billDocument(billNo(), signal), { live: false });
  }

  /** The line as it is looked at: now, or at the step of its past that was chosen. */
  pieces(bill: BillDetail): Piece[] {
    return this.history.isPast ? this.history.pieces : bill.parcels.map(pieceOf);
  }

  /** Everybody who is or was a holder, as far as that is shown: each keeps its colour through all times. */
  holders(bill: BillDetail): number[] {
    const past = (this.history.acts.value ?? [])
      .filter((act) => act.movesTitle)
      .map((act) => ({ holder: wayOf(act)[1]?.number ?? null }));
    return holdersOf([...bill.parcels.map(pieceOf), ...past], session.me);
  }

  canPay(bill: BillDetail): boolean {
    return (
      !this.history.isPast &&
      bill.acceptor.number === session.me &&
      OPEN_TO_PAY.includes(bill.status) &&
      !underWay.touches(bill.billNo)
    );
  }

  /** Money is in, and some of it has not reached its holders. */
  canDistribute(bill: BillDetail): boolean {
    return (
      !this.history.isPast &&
      session.member !== null &&
      bill.due <= session.today &&
      bill.paid.amount !== '0.00' &&
      bill.parcels.some((parcel) => this.#waits(parcel, bill))
    );
  }

  async distribute(bill: BillDetail): Promise<void> {
    this.problem = undefined;
    try {
      const title = `${titleOf('distribute')} ${shortBillNo(bill.billNo)}`;
      flows.follow(await api.distribute(bill.billNo), {
        title,
        touches: [bill.billNo],
        link: () => `/bills/${bill.billNo}`,
      });
    } catch (error) {
      this.problem = asProblem(error);
    }
  }

  #waits(parcel: Parcel, bill: BillDetail): boolean {
    if (bill.status === 'settled') return parcel.state !== 'paid';
    return bill.status === 'part_paid' && !parcel.hidden && parcel.paid.amount === '0.00';
  }
}

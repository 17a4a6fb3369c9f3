/** What a holder may still do with a piece. */
import { movesStill } from '#domain/bills/status.ts';
import type { Holding } from '#web/api/schema.ts';
import { underWay } from '#web/instructions/under-way.svelte.ts';

const isFree = ({ parcel, bill }: Holding, today: string): boolean =>
  movesStill(parcel, bill, today) && !underWay.touches(parcel.id);

export const canPassOn = (holding: Holding, today: string): boolean =>
  isFree(holding, today) && !holding.bill.restrictions.includes('not_to_be_passed_on');

export const canFinance = (holding: Holding, today: string): boolean =>
  isFree(holding, today) && !holding.bill.restrictions.includes('not_to_be_financed');

/** What the ledger records of payments. */
import { act } from '../acts/act.ts';

export const paymentActs = {
  BillFunded: act({
    word: 'funded',
    title: { zh: '已付入', en: 'Paid in' },
    about: 'bill',
    isSeenByAll: true,
  }),
  ParcelPaid: act({
    word: 'paid',
    title: { zh: '已兑付', en: 'Paid out' },
    about: 'parcel',
    isSeenByAll: false,
  }),
};

/** What the ledger records of a bill as a whole. */
import { act } from '../acts/act.ts';

const ofBill = { about: 'bill', isSeenByAll: true } as const;

export const billActs = {
  BillIssued: act({ word: 'issued', title: { zh: '已签发', en: 'Issued' }, makesParcel: true, ...ofBill }),
  BillTaken: act({ word: 'taken', title: { zh: '已签收', en: 'Taken' }, ...ofBill }),
  BillCancelled: act({ word: 'cancelled', title: { zh: '已作废', en: 'Cancelled' }, ...ofBill }),
  MembersNamed: act({
    word: 'named',
    title: { zh: '已限定持有人', en: 'Holders named' },
    about: 'bill',
    isSeenByAll: false,
  }),
};

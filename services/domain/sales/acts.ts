/** What the ledger records of sales. */
import { act } from '../acts/act.ts';

export const saleActs = {
  ParcelSold: act({
    word: 'sold',
    title: { zh: '已贴现卖出', en: 'Sold' },
    about: 'parcel',
    isSeenByAll: false,
    makesParcel: true,
  }),
};

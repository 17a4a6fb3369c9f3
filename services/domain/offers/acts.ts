/** What the ledger records of offers and of what is passed on. */
import { act } from '../acts/act.ts';

const ofParcel = { about: 'parcel', isSeenByAll: false } as const;

export const offerActs = {
  ParcelOffered: act({
    word: 'offered',
    title: { zh: '已提示签收', en: 'Offered' },
    makesParcel: true,
    ...ofParcel,
  }),
  ParcelTaken: act({ word: 'taken', title: { zh: '已签收', en: 'Taken' }, ...ofParcel }),
  ParcelPassedOn: act({
    word: 'passed_on',
    title: { zh: '已转让', en: 'Passed on' },
    makesParcel: true,
    ...ofParcel,
  }),
  OfferRefused: act({ word: 'refused', title: { zh: '已拒收', en: 'Refused' }, ...ofParcel }),
  OfferWithdrawn: act({ word: 'withdrawn', title: { zh: '已撤回', en: 'Withdrawn' }, ...ofParcel }),
  OfferExtended: act({ word: 'extended', title: { zh: '已延期', en: 'Extended' }, ...ofParcel }),
  OfferExpired: act({ word: 'expired', title: { zh: '逾期已注销', en: 'Expired' }, ...ofParcel }),
};

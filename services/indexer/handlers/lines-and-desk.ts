import { reserveLine, setGroupLine, setLine, useLine } from '#db/lines/write.ts';
import { ignore, type Handlers } from './handlers.ts';

const key = (bank: number, obligor: number) => ({ bank, obligor });

export const lines: Handlers<'lines'> = {
  LineSet: (ledger, { bank, obligor, limit, group }) =>
    setLine(ledger, key(bank, obligor), limit, BigInt(group)),
  GroupLineSet: (ledger, { bank, group, limit }) => setGroupLine(ledger, bank, BigInt(group), limit),
  LineReserved: (ledger, { bank, obligor, reserved }) => reserveLine(ledger, key(bank, obligor), reserved),
  LineMoved: (ledger, { bank, obligor, used, groupUsed }) =>
    useLine(ledger, key(bank, obligor), used, groupUsed),
};

export const desk: Handlers<'desk'> = {
  QuoteFilled: (ledger, args) => {
    const { log, at } = ledger.moment;
    ledger.quoteFills.add({
      block_number: log.block_number,
      log_index: log.log_index,
      tx_hash: log.tx_hash,
      bank: args.bank,
      nonce: args.nonce,
      bill_no: args.billNo,
      seller: args.seller,
      first: args.first,
      amount_minor: args.amount,
      rate_ppm: BigInt(args.ratePpm),
      interest_minor: args.interest,
      fee_minor: args.fee,
      price_minor: args.price,
      recourse: args.recourse,
      recourse_terms: args.recourseTerms,
      at,
    });
  },
  QuoteCancelled: (ledger, { bank, nonce }) => ledger.cancelledQuotes.set({ bank, nonce }),
  EIP712DomainChanged: ignore('the domain of the desk is fixed'),
};

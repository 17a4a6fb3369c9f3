import { toBytes } from '#db/bytes.ts';
import { reserveLine, setGroupLine, setLine, useLine } from '#db/ledger/lines.ts';
import { ignore, type Handlers } from './handlers.ts';

const key = (bank: bigint, obligor: bigint) => ({ bank: Number(bank), obligor: Number(obligor) });

export const lines: Handlers<'lines'> = {
  LineSet: (ledger, { bank, obligor, limit, group }) => setLine(ledger, key(bank, obligor), limit, group),
  GroupLineSet: (ledger, { bank, group, limit }) => setGroupLine(ledger, Number(bank), group, limit),
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
      bank: Number(args.bank),
      nonce: args.nonce,
      bill_no: args.billNo,
      seller: Number(args.seller),
      first: args.first,
      amount_minor: args.amount,
      rate_ppm: args.ratePpm,
      interest_minor: args.interest,
      fee_minor: args.fee,
      price_minor: args.price,
      recourse: Number(args.recourse),
      recourse_terms: toBytes(args.recourseTerms),
      at,
    });
  },
  QuoteCancelled: (ledger, { bank, nonce }) => ledger.cancelledQuotes.set({ bank: Number(bank), nonce }),
  EIP712DomainChanged: ignore('the domain of the desk is fixed'),
};

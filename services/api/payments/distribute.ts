/** The keeper has the holders of a due bill paid. */
import { ZeroAddress } from 'ethers';
import { insertInstruction, type InstructionRow } from '#db/instructions/own.ts';
import { recordAudit, type Origin } from '#db/audit/write.ts';
import { newId } from '#db/wire/ids.ts';
import { SYSTEM, transact, type Viewer } from '#db/access/access.ts';
import type { BillRow } from '#db/bills/read.ts';
import { unpaidFirsts } from '#db/bills/parcels.ts';
import { billNumber } from '#domain/bills/bill-number.ts';
import { parseLegalDate } from '#domain/dates.ts';
import type { Meaning } from '#domain/instructions/instructions.ts';
import { PLATFORM } from '#domain/instructions/sentences.ts';
import type { Services } from '../services.ts';
import { NOTHING_MADE } from '../instructions/draft.ts';
import { gasLimit, gasOf, OVERHEAD_GAS } from '../instructions/gas.ts';
import { throwFirst } from '../instructions/refusal.ts';
import { rehearseFrom } from '../instructions/rehearse.ts';

/** Parcels that one transaction pays at most. */
const PARCELS_A_TRANSACTION = 80;

/**
 * Queues an act of the platform's keeper: anybody may pay out what is owed, so nobody has to sign. Where nothing is owed, and
 * nothing else is against it, it is done already (shared/scenarios pays out twice in a row), and no transaction is sent.
 */
export async function distribute(
  services: Services,
  viewer: Viewer,
  bill: BillRow,
  origin: Origin,
): Promise<InstructionRow> {
  const { db, calls, clock, names } = services;
  // Which parcels there are, the keeper must know even where the viewer sees only his own.
  const firsts = await transact(db, SYSTEM, (trx) => unpaidFirsts(trx, bill.bill_no));
  const maxGas = await services.maxGas();
  const room = Number((maxGas - OVERHEAD_GAS) / gasOf('pay'));
  const atOnce = Math.max(1, Math.min(PARCELS_A_TRANSACTION, room));
  const isOwed = firsts.length > 0;
  const chunks = isOwed ? chunksOf(firsts, atOnce) : [[]];
  const batch = chunks.map((chunk) => calls.bills.distribute(bill.bill_no, chunk));
  throwFirst(...(await Promise.all(batch.map((call) => rehearseFrom(services, ZeroAddress, call)))));
  const [ref, now] = await Promise.all([names.of([bill.acceptor]), clock.now()]);
  const id = newId();
  const meaning: Meaning = {
    instruction: 'distribute',
    acceptor: ref(bill.acceptor).name,
    bill: billNumber(bill.bill_no),
    due: parseLegalDate(bill.due_on),
  };
  return transact(db, viewer.seesAll ? SYSTEM : viewer, async (trx) => {
    await recordAudit(trx, {
      ...origin,
      action: 'distributed',
      subject: `bill:${bill.bill_no}`,
      facts: { instruction: id },
    });
    return insertInstruction(trx, {
      id,
      signedBy: 'keeper',
      member: viewer.member,
      type: 'distribute',
      input: { type: 'distribute', bill: String(bill.bill_no) },
      facts: { by: PLATFORM, does: [meaning] },
      calls: isOwed ? batch : [],
      gasLimit: gasLimit(gasOf('pay', atOnce), maxGas),
      makes: NOTHING_MADE,
      state: isOwed ? 'submitted' : 'done',
      now,
      ...(origin.requestId === undefined ? {} : { requestId: origin.requestId }),
    });
  });
}

const chunksOf = <T>(all: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, n) => all.slice(n * size, (n + 1) * size));

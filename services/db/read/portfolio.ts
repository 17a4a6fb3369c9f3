import { sql, type Kysely } from 'kysely';
import type { DB } from '../types.ts';
import { readAs, type Viewer } from './access.ts';
import { leftOfParcel } from './calendar.ts';

export type PortfolioRow = {
  readonly acceptor: number;
  /** "YYYY-MM" */
  readonly month: string;
  readonly amount: bigint;
  readonly parcels: bigint;
};

/** What is left of the viewer's holdings, by who has to pay and the month in which it is due. */
export function readPortfolio(db: Kysely<DB>, { member, seesAll }: Viewer): Promise<PortfolioRow[]> {
  return readAs(db, { member, seesAll }, async (trx) => {
    const { rows } = await sql<PortfolioRow>`
      select b.acceptor, to_char(b.due_on, 'YYYY-MM') as month, sum(${leftOfParcel})::numeric as amount,
        count(*)::bigint as parcels
      from ledger.parcel p join ledger.bill b on b.bill_no = p.bill_no and b.to_block is null
      where p.to_block is null and p.holder = ${member} and b.status = 'active' and p.paid_up_to_minor < b.face_minor
      group by 1, 2 order by 1, 2`.execute(trx);
    return rows;
  });
}

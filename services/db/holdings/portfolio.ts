import { sql, type Kysely } from 'kysely';
import type { DB } from '../types.ts';
import { ask, type Query, type Viewer } from '../access/access.ts';
import { leftOfParcel } from '../home/calendar.ts';

export type PortfolioRow = {
  readonly acceptor: number;
  /** "YYYY-MM" */
  readonly month: string;
  readonly amount: bigint;
  readonly parcels: bigint;
};

/** What is left of the viewer's holdings, by who has to pay and the month in which it is due. */
export const portfolioQuery = ({ member }: Viewer): Query<PortfolioRow[]> => ({
  statement: sql`
    select acceptor, to_char(month, 'YYYY-MM') as month, amount, parcels from (
      select b.acceptor, date_trunc('month', p.due_on::timestamp) as month, sum(${leftOfParcel})::numeric as amount,
        count(*)::bigint as parcels
      from ledger.parcel p join ledger.bill b on b.bill_no = p.bill_no and b.to_block is null
      where p.to_block is null and p.holder = ${member} and b.status = 'active' and p.paid_up_to_minor < b.face_minor
      group by 1, 2) held
    order by acceptor, held.month`,
  answer: (rows) => rows,
});

export const readPortfolio = async (db: Kysely<DB>, viewer: Viewer): Promise<PortfolioRow[]> =>
  (await ask(db, viewer, portfolioQuery(viewer)))[0];

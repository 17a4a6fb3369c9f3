/** Documents of the acceptor's own books (凭证号) that its bills were issued for; nobody else sees them. */
import { sql, type RawBuilder } from 'kysely';
import type { Query, Trx } from '../access/access.ts';

export type Voucher = { readonly billNo: bigint; readonly voucher: string };

/** Within a transaction of the acceptor's. */
export async function keepVouchers(trx: Trx, member: number, vouchers: readonly Voucher[]): Promise<void> {
  if (vouchers.length === 0) return;
  await trx
    .insertInto('app.bill_voucher')
    .values(
      vouchers.map(({ billNo, voucher }) => ({ bill_no: billNo, member, voucher, key: keyOf(voucher) })),
    )
    .execute();
}

/** Null for everybody but the acceptor. */
export const voucherQuery = (member: number, billNo: bigint): Query<string | null> => ({
  statement: sql`select voucher from app.bill_voucher where bill_no = ${billNo} and member = ${member}`,
  answer: ([row]: { voucher: string }[]) => row?.voucher ?? null,
});

/** Bills of the member whose voucher begins so. */
export const withVoucher = (member: number, start: string): RawBuilder<unknown> => sql`(
  select v.bill_no from app.bill_voucher v
  where v.member = ${member} and v.key >= ${keyOf(start)} and v.key < ${`${keyOf(start)}\u{10ffff}`})`;

const keyOf = (voucher: string): string => voucher.toLowerCase();

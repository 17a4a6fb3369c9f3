import { sql, type Kysely } from 'kysely';

/**
 * How much was sold under a request, for its seller and the banks that it invited: a bank learns that it lost without
 * seeing another's quote. The view reads what a viewer may not read by itself, so who looks is asked in it.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create view app.request_sold with (security_barrier) as
      select r.id, (
        select coalesce(sum(f.amount_minor), 0) from app.quote q
          join ledger.quote_fill f on f.bank = q.bank and f.nonce = q.nonce
        where q.request_id = r.id)::numeric as sold_minor
      from app.financing_request r
      where (select ledger.who()) in (r.seller, -1) or exists (
        select from app.invitation i where i.request_id = r.id and i.bank = (select ledger.who()));
    comment on view app.request_sold is 'what was sold under a request, as far as the viewer is party to it';
    do $outer$ begin
      if exists (select from pg_roles where rolname = 'tallystick_api') then
        grant select on app.request_sold to tallystick_api;
      end if;
    end $outer$;
  `.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop view app.request_sold`.execute(db);
}

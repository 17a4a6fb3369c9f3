import { sql, type Kysely } from 'kysely';

/** A back-fill costs PostgreSQL half of what it did. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`select chain.end_back_fill()`.execute(db);
  await copy(db);
  await excludeOpen(db);
}

/**
 * The indexer writes in bulk by COPY, which row-level security refuses. Its policies let it see and write every row, so it
 * loses no bound by passing them by. Where the connecting user may not grant that, it inserts as before.
 */
async function copy(db: Kysely<unknown>): Promise<void> {
  await sql`
    do $$ begin
      if exists (select from pg_roles where rolname = 'tallystick_indexer' and not rolbypassrls) then
        alter role tallystick_indexer bypassrls;
      end if;
    exception
      when insufficient_privilege then
        raise notice 'tallystick_indexer cannot pass row-level security by: it inserts instead of copying';
      when internal_error then null; -- another database of this server is doing the same at this moment
    end $$
  `.execute(db);
}

/**
 * No two open parcels of a bill overlap: asked of each row that is written. As each state of the read model followed from
 * one that was asked, none of its past overlaps either. What a back-fill writes begins and ends unasked; its end looks at
 * all of the past at once, which costs a quarter of asking for each row.
 */
async function excludeOpen(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table ledger.parcel drop constraint parcel_one_holder_a_cent;
    alter table ledger.parcel add constraint parcel_one_holder_a_cent
      exclude using gist (bill_no with =, int8range(first, "end") with &&) where (to_block is null);

    create or replace function chain.end_back_fill() returns void
      language plpgsql security definer set search_path = pg_catalog set maintenance_work_mem = '256MB'
      set enable_seqscan = on set enable_hashjoin = on set enable_mergejoin = on set enable_nestloop = off as $$
    declare
      part record;
    begin
      if not exists (select from chain.put_off) then return; end if;
      if (
        select count(*) from ledger.parcel a join ledger.parcel b using (bill_no)
        where a.ctid < b.ctid and a.first < b."end" and b.first < a."end"
          and (a.to_block is null or b.from_block < a.to_block) and (b.to_block is null or a.from_block < b.to_block)
      ) > 0 then
        raise exclusion_violation using message = 'parcels of a bill overlap, against parcel_one_holder_a_cent';
      end if;
      for part in delete from chain.put_off returning statement loop
        execute part.statement;
      end loop;
    end $$;
  `.execute(db);
}

/** The role stays as it is: other databases of this server may count on it. */
export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`
    select chain.end_back_fill();
    alter table ledger.parcel drop constraint parcel_one_holder_a_cent;
    alter table ledger.parcel add constraint parcel_one_holder_a_cent exclude using gist (
      bill_no with =, int8range(first, "end") with &&, int8range(from_block, to_block) with &&
    );
    create or replace function chain.end_back_fill() returns void
      language plpgsql security definer set search_path = pg_catalog set maintenance_work_mem = '256MB' as $$
    declare
      part record;
    begin
      for part in delete from chain.put_off returning statement loop
        execute part.statement;
      end loop;
    end $$;
  `.execute(db);
}

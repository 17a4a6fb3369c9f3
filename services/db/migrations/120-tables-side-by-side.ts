import { sql, type Kysely } from 'kysely';

/**
 * What a back-fill put off is made table by table, each in a transaction of its own, so that several connections can do it
 * at the same time: indexes of one table wait for its exclusion, those of two tables never for each other.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    select chain.end_back_fill();
    alter table chain.put_off add column relation text not null;
    comment on column chain.put_off.relation is 'the table that it belongs to, with its schema';

    create or replace function chain.begin_back_fill() returns void
      language plpgsql security definer set search_path = pg_catalog as $$
    declare
      part record;
    begin
      for part in
        select conrelid::regclass as relation,
          format('alter table %s drop constraint %I', conrelid::regclass, conname) as drop,
          format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) as make
        from pg_constraint
        where connamespace in ('ledger'::regnamespace, 'chain'::regnamespace) and contype in ('x', 'f')
        union all
        select i.indrelid::regclass, format('drop index %s', i.indexrelid::regclass), pg_get_indexdef(i.indexrelid)
        from pg_index i join pg_class c on c.oid = i.indexrelid
        where c.relnamespace in ('ledger'::regnamespace, 'chain'::regnamespace) and not i.indisunique
          and not i.indisexclusion
      loop
        insert into chain.put_off (statement, relation) values (part.make, part.relation);
        execute part.drop;
      end loop;
    end $$;

    create function chain.end_back_fill(table_name text) returns void
      language plpgsql security definer set search_path = pg_catalog set maintenance_work_mem = '256MB'
      set enable_seqscan = on set enable_hashjoin = on set enable_mergejoin = on set enable_nestloop = off as $$
    declare
      part record;
    begin
      if table_name = 'ledger.parcel' and (
        select count(*) from ledger.parcel a join ledger.parcel b using (bill_no)
        where a.ctid < b.ctid and a.first < b."end" and b.first < a."end"
          and (a.to_block is null or b.from_block < a.to_block) and (b.to_block is null or a.from_block < b.to_block)
      ) > 0 then
        raise exclusion_violation using message = 'parcels of a bill overlap, against parcel_one_holder_a_cent';
      end if;
      for part in delete from chain.put_off where relation = table_name returning statement loop
        execute part.statement;
      end loop;
    end $$;

    create or replace function chain.end_back_fill() returns void
      language sql security definer set search_path = pg_catalog as $$
      select chain.end_back_fill(relation) from (select distinct relation from chain.put_off) as tables;
    $$;

    revoke execute on function chain.end_back_fill(text) from public;
    do $$ begin
      if exists (select from pg_roles where rolname = 'tallystick_indexer') then
        grant execute on function chain.end_back_fill(text) to tallystick_indexer;
      end if;
    end $$;
  `.execute(db);
}

/** Tables one after the other, as before: nobody has to know that there is a column more. */
export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`select chain.end_back_fill()`.execute(db);
}

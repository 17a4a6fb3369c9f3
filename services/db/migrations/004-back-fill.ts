import { sql, type Kysely } from 'kysely';

/**
 * While the indexer catches up with a long chain, it puts off what costs most for each row: indexes that only readers need,
 * the exclusion of overlapping parcels, the reference from logs to blocks. They are made in one go at the end; a constraint
 * is then checked for every row of every version, or the end is refused. What the indexer may do to tables that it does not
 * own is exactly this. `chain.put_off` says what is missing, so a crash in between loses nothing.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table chain.put_off (statement text primary key);
    comment on table chain.put_off is 'indexes and constraints to be made when the back-fill is done; empty at all other times';

    create function chain.begin_back_fill() returns void
      language plpgsql security definer set search_path = pg_catalog as $$
    declare
      part record;
    begin
      for part in
        select format('alter table %s drop constraint %I', conrelid::regclass, conname) as drop,
          format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) as make
        from pg_constraint
        where connamespace in ('ledger'::regnamespace, 'chain'::regnamespace) and contype in ('x', 'f')
        union all
        select format('drop index %s', i.indexrelid::regclass), pg_get_indexdef(i.indexrelid)
        from pg_index i join pg_class c on c.oid = i.indexrelid
        where c.relnamespace in ('ledger'::regnamespace, 'chain'::regnamespace) and not i.indisunique
          and not i.indisexclusion
      loop
        insert into chain.put_off values (part.make);
        execute part.drop;
      end loop;
    end $$;

    create function chain.end_back_fill() returns void
      language plpgsql security definer set search_path = pg_catalog set maintenance_work_mem = '256MB' as $$
    declare
      part record;
    begin
      for part in delete from chain.put_off returning statement loop
        execute part.statement;
      end loop;
    end $$;

    revoke execute on function chain.begin_back_fill(), chain.end_back_fill() from public;
    do $$ begin
      if exists (select from pg_roles where rolname = 'tallystick_indexer') then
        grant execute on function chain.begin_back_fill(), chain.end_back_fill() to tallystick_indexer;
        revoke insert, update, delete, truncate on chain.put_off from tallystick_indexer;
      end if;
    end $$;
  `.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`
    select chain.end_back_fill();
    drop function chain.begin_back_fill, chain.end_back_fill;
    drop table chain.put_off;
  `.execute(db);
}

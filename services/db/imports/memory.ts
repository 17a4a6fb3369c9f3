/** What a firm's imports remember: whom a name means, and how tables of a header are read. */
import { sql, type Kysely } from 'kysely';
import { transact, type Trx, type Viewer } from '../access/access.ts';
import type { DB } from '../types.ts';
import { json } from '../wire/json.ts';

/** As many tables as are remembered of one firm; the one not used for longest gives way. */
const SHAPES = 200;

export type Alias = { readonly key: string; readonly name: string; readonly supplier: number };

export const listAliases = (db: Kysely<DB>, viewer: Viewer): Promise<Alias[]> =>
  transact(db, viewer, (trx) => aliasesOf(trx, viewer.member));

export const aliasesOf = (trx: Trx, member: number): Promise<Alias[]> =>
  trx
    .selectFrom('app.supplier_alias')
    .select(['key', 'name', 'supplier'])
    .where('member', '=', member)
    .orderBy('key')
    .execute();

/** From now on these names mean these suppliers. */
export async function putAliases(trx: Trx, member: number, aliases: readonly Alias[]): Promise<void> {
  for (const { key, name, supplier } of aliases) {
    await trx
      .insertInto('app.supplier_alias')
      .values({ member, key, name, supplier })
      .onConflict((conflict) => conflict.columns(['member', 'key']).doUpdateSet({ name, supplier }))
      .execute();
  }
}

/** False when there was none. */
export const forgetAlias = (db: Kysely<DB>, { member, ...viewer }: Viewer, key: string): Promise<boolean> =>
  transact(db, { member, ...viewer }, async (trx) => {
    const gone = await trx
      .deleteFrom('app.supplier_alias')
      .where('member', '=', member)
      .where('key', '=', key)
      .returning('key')
      .execute();
    return gone.length > 0;
  });

export type Shape<Stated> = { readonly shape: Buffer; readonly stated: Stated };

export async function shapesOf<Stated>(trx: Trx, member: number): Promise<Shape<Stated>[]> {
  const rows = await trx
    .selectFrom('app.import_shape')
    .select(['shape', 'stated'])
    .where('member', '=', member)
    .execute();
  return rows as unknown as Shape<Stated>[];
}

export async function putShape(trx: Trx, member: number, { shape, stated }: Shape<unknown>): Promise<void> {
  await trx
    .insertInto('app.import_shape')
    .values({ member, shape, stated: json(stated) })
    .onConflict((conflict) =>
      conflict.columns(['member', 'shape']).doUpdateSet({ stated: json(stated), changed_at: sql`now()` }),
    )
    .execute();
  await sql`
    delete from app.import_shape where member = ${member} and shape in (
      select shape from app.import_shape where member = ${member}
      order by changed_at desc, shape offset ${SHAPES})`.execute(trx);
}

export async function forgetShape(trx: Trx, member: number, shape: Buffer): Promise<void> {
  await trx.deleteFrom('app.import_shape').where('member', '=', member).where('shape', '=', shape).execute();
}

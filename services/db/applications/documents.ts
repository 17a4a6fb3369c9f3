/** Documents of applications, as ciphertext. */
import { sql, type Kysely } from 'kysely';
import type { DocumentType } from '#domain/applications/file-kinds.ts';
import type { DocumentKind } from '#domain/applications/form.ts';
import type { Trx } from '../access/access.ts';
import type { DB } from '../types.ts';

export type ApplicationDocument = {
  readonly id: string;
  readonly application: string;
  readonly kind: DocumentKind;
  readonly name: string;
  readonly type: DocumentType;
  readonly size: number;
  readonly createdAt: Date;
};

/** Of one application. */
export const MAX_DOCUMENTS = 10;
/** Documents of drafts that were never filed, all in all: an application that is in review always has its place. */
const MAX_BYTES_OF_DRAFTS = 20n * 1024n ** 3n;

const COLUMNS = [
  'id',
  'application_id as application',
  'kind',
  'name',
  'type',
  'size',
  'created_at as createdAt',
] as const;

export async function documentsOf(db: Kysely<DB>, application: string): Promise<ApplicationDocument[]> {
  const rows = await db
    .selectFrom('app.application_document')
    .select(COLUMNS)
    .where('application_id', '=', application)
    .orderBy('id')
    .execute();
  return rows as ApplicationDocument[];
}

export async function findDocument(
  db: Kysely<DB>,
  application: string,
  id: string,
): Promise<(ApplicationDocument & { readonly content: Buffer }) | undefined> {
  const row = await db
    .selectFrom('app.application_document')
    .select([...COLUMNS, 'content'])
    .where('application_id', '=', application)
    .where('id', '=', id)
    .executeTakeFirst();
  return row as (ApplicationDocument & { content: Buffer }) | undefined;
}

type NewDocument = Omit<ApplicationDocument, 'createdAt'> & { readonly content: Buffer };

/** 'many' where the application has enough of them, 'full' where drafts have. */
export async function addDocument(trx: Trx, document: NewDocument): Promise<'added' | 'many' | 'full'> {
  const { rows } = await sql<{ mine: number; drafts: bigint }>`
    select (select count(*) from app.application_document where application_id = ${document.application})::integer as mine,
      (select coalesce(sum(d.size), 0) from app.application a join app.application_document d on d.application_id = a.id
        where a.state = 'draft' and a.filed_at is null)::bigint as drafts`.execute(trx);
  const { mine, drafts } = rows[0]!;
  if (mine >= MAX_DOCUMENTS) return 'many';
  if (drafts + BigInt(document.size) > MAX_BYTES_OF_DRAFTS) return 'full';
  const { application, ...row } = document;
  await trx
    .insertInto('app.application_document')
    .values({ ...row, application_id: application })
    .execute();
  return 'added';
}

export async function removeDocument(trx: Trx, application: string, id: string): Promise<boolean> {
  const { numDeletedRows } = await trx
    .deleteFrom('app.application_document')
    .where('application_id', '=', application)
    .where('id', '=', id)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

/**
 * The process that reads one file of a stranger. The file comes in by the standard input; rows leave batch by batch, each
 * when it is asked for, and last what is to be known of the file. It knows no database, no network and no secret.
 */
import { Problem, type ProblemCode, type Text } from '#domain/problems.ts';
import type { ImportedRow } from '#domain/imports/payables.ts';
import { contextOf, type Books } from '../books.ts';
import { readFile, type Given, type Reading } from '../read.ts';

export type Asked = { readonly given: Given; readonly books: Books };
export type Said =
  | { readonly rows: readonly ImportedRow[] }
  | { readonly reading: Reading }
  | { readonly problem: { readonly code: ProblemCode; readonly detail: Text | undefined } }
  | { readonly failure: string };

process.once('message', ({ given, books }: Asked) => void read(given, books));
process.once('disconnect', () => process.exit());

async function read(given: Given, books: Books): Promise<void> {
  try {
    const file = await readFile(await standardInput(), given, contextOf(books));
    for await (const rows of file.batches()) {
      const next = new Promise((settle) => process.once('message', settle));
      say({ rows });
      await next;
    }
    say({ reading: file.reading() });
  } catch (error) {
    if (error instanceof Problem) say({ problem: { code: error.code, detail: error.detail } });
    else say({ failure: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
}

async function standardInput(): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
}

function say(said: Said): void {
  process.send!(said);
}

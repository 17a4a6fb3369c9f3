import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';

/** To whom `copy … from stdin` is a statement like any other: its one parameter is what is sent, piece by piece. */
export class CopyingClient extends pg.Client {
  override query(...args: unknown[]): never {
    const [text, values] = args;
    if (typeof text === 'string' && text.startsWith('copy '))
      return this.#copy(text, (values as [Iterable<Buffer>])[0]) as never;
    return (super.query as (...args: unknown[]) => never)(...args);
  }

  async #copy(text: string, pieces: Iterable<Buffer>): Promise<object> {
    const stream = super.query(copyFrom(text));
    await pipeline(pieces, stream);
    return { command: 'COPY', rowCount: stream.rowCount, rows: [] };
  }
}

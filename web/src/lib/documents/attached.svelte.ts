import type { DocumentFacts } from '#domain/documents/facts.ts';
import type { AttachmentKind } from '#domain/documents/kinds.ts';
import type { AttachedDocuments, AttachedFile, DocumentKey, DocumentSight } from '#web/api/schema.ts';
import { Query } from '#web/state/query.svelte.ts';
import { session } from '#web/state/session.svelte.ts';
import { Form } from '#web/ui/form.svelte.ts';
import { carrier } from './carrier.ts';
import type { OpenKeys } from './bill-documents.ts';
import type { Standing } from './own-key.ts';

const load = async () => ({ ...(await import('./own-key.ts')), ...(await import('./bill-documents.ts')) });

type Opened = {
  readonly here: Standing['is'];
  readonly keys: OpenKeys;
  readonly facts: ReadonlyMap<string, DocumentFacts>;
  readonly distrusted: readonly { key: DocumentKey; isSigned: boolean; fingerprint: string }[];
};
type Known = { readonly listed: AttachedDocuments; readonly opened: Opened | undefined };

/** The documents of a bill. The cryptography is loaded when there is something to open, or something is attached. */
export class Attached extends Form {
  readonly known: Query<Known>;
  readonly #billNo: () => string;
  isAttaching = $state(false);
  isGiving = $state(false);
  /** What is asked to be removed, and waits for a second press. */
  removing = $state<string>();

  constructor(billNo: () => string) {
    super();
    this.#billNo = billNo;
    this.known = new Query((signal) => this.#read(billNo(), signal), { live: false });
  }

  async #read(billNo: string, signal: AbortSignal): Promise<Known> {
    const listed = await carrier.list(billNo, signal);
    if (!listed.mayRead || listed.keys.length === 0) return { listed, opened: undefined };
    const { fingerprintOfKey, standingOf, distrusted, factsOfFiles, handOn, handOnAnew, nothing, openKeys } =
      await load();
    const own = await carrier.key(signal);
    const standing = await standingOf(own);
    const changed = await Promise.all(
      distrusted(listed).map(async (each) => ({
        ...each,
        fingerprint: await fingerprintOfKey(each.key.publicKey),
      })),
    );
    if (standing.is !== 'open')
      return {
        listed,
        opened: { here: standing.is, ...nothing(), distrusted: changed },
      };
    const keys = await openKeys(listed, billNo, standing.key);
    const handedOn = await handOn(listed, billNo, standing.key, keys);
    void handOnAnew(standing.key);
    return {
      listed: handedOn ? await carrier.list(billNo, signal) : listed,
      opened: { here: 'open', keys, facts: await factsOfFiles(listed.files, keys), distrusted: changed },
    };
  }

  /** Readers who have not been given the bill's keys from here, because they have no key of their own yet. */
  keyless({ readers }: AttachedDocuments): AttachedDocuments['readers'] {
    return readers.filter(({ key }) => key === null);
  }

  get maySign(): boolean {
    return session.may('sign');
  }

  unlock = (): Promise<boolean> =>
    this.#change(async ({ unlock }) => {
      await unlock(await carrier.key());
    });

  attach(file: File, kind: AttachmentKind): Promise<boolean> {
    return this.#change(async ({ standingOf, unlock, attach }) => {
      const own = await carrier.key();
      const standing = await standingOf(own);
      await attach(this.#billNo(), standing.is === 'open' ? standing.key : await unlock(own), file, kind);
    });
  }

  open(file: AttachedFile, { keys, facts }: Opened): Promise<boolean> {
    return this.run(async () => {
      const { save } = await load();
      await save(this.#billNo(), file, keys, facts.get(file.id));
    });
  }

  remove = (file: AttachedFile): Promise<boolean> =>
    this.#change(async () => {
      await carrier.removeFile(this.#billNo(), file.id);
      this.removing = undefined;
    });

  accept = (key: DocumentKey): Promise<boolean> =>
    this.#change(({ acceptKey }) => Promise.resolve(acceptKey(key)));

  /** Prepares, signs and hands in; others sign what waits for them by {@link sign}. */
  give(reader: number): Promise<boolean> {
    return this.#change(async ({ signSight }) => {
      const billNo = this.#billNo();
      await signSight(billNo, reader, await carrier.prepareSight(billNo, reader));
    });
  }

  sign = (sight: DocumentSight): Promise<boolean> =>
    this.#change(({ signSight }) => signSight(this.#billNo(), sight.reader.number, sight));
  end = (id: string): Promise<boolean> => this.#change(() => carrier.endSight(id));

  #change(work: (here: Awaited<ReturnType<typeof load>>) => Promise<unknown>): Promise<boolean> {
    return this.run(async () => {
      try {
        await work(await load());
      } finally {
        await this.known.refresh();
      }
    });
  }
}

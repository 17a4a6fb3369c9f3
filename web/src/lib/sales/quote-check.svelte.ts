/** A quote that a colleague prepared: read again here, then signed or given up. */
import { api } from '#web/api/client.ts';
import { ApiProblem } from '#web/api/problem.ts';
import type { QuoteSheet } from '#web/api/schema.ts';
import { session } from '#web/state/session.svelte.ts';
import { Query } from '#web/state/query.svelte.ts';
import { Form } from '#web/ui/form.svelte.ts';

function here() {
  const { member, status } = session;
  if (member === null || status === undefined) throw new ApiProblem(401, { code: 'UNAUTHENTICATED' });
  return { member, status };
}

export class QuoteCheck extends Form {
  readonly id: string;
  readonly sheet: Query<QuoteSheet>;

  constructor(id: string) {
    super();
    this.id = id;
    this.sheet = new Query(
      async (signal) => {
        const sheet = await api.quoteSheet(id, signal);
        const { member, status } = here();
        const { toSignOf } = await import('#web/instructions/sign.ts');
        // Throws INSTRUCTION_ALTERED where what is to be signed is not what is shown.
        toSignOf({ terms: sheet.asked, prepared: sheet.prepared }, member, status);
        return sheet;
      },
      { keep: true },
    );
  }

  get isOpen(): boolean {
    return this.sheet.value?.prepared.quote.state === 'prepared';
  }

  get maySign(): boolean {
    return this.isOpen && session.may('sign') && this.sheet.value?.signing.waitsForYou === true;
  }

  get mayGiveUp(): boolean {
    return this.isOpen && session.may('prepare');
  }

  sign = (): Promise<boolean> =>
    this.#change(async ({ prepared, asked }) => {
      const [{ signAsked }, { ownKeys }] = await Promise.all([
        import('#web/instructions/sign.ts'),
        import('#web/instructions/keys.ts'),
      ]);
      const { member, status } = here();
      const signature = await signAsked({ terms: asked, prepared }, member, status, await ownKeys());
      await api.submitQuote(this.id, [signature], `submit-${this.id}-${signature.signature.slice(2, 34)}`);
    });

  giveUp = (): Promise<boolean> => this.#change(() => api.withdrawQuote(this.id));

  #change(work: (sheet: QuoteSheet) => Promise<unknown>): Promise<boolean> {
    return this.run(async () => {
      if (this.sheet.value === undefined) return;
      await work(this.sheet.value).finally(() => this.sheet.refresh());
    });
  }
}

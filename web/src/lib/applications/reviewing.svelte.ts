import { goto } from '$app/navigation';
import { CHECKS, type Check } from '#domain/applications/form.ts';
import { api } from '#web/api/client.ts';
import type { ApplicationReview } from '#web/api/schema.ts';
import { Form } from '#web/ui/form.svelte.ts';
import { Query } from '#web/state/query.svelte.ts';
import { session } from '#web/state/session.svelte.ts';

/** An application as the platform sees it. */
export class Reviewing extends Form {
  readonly query: Query<ApplicationReview>;
  reason = $state('');
  checks = $state<Check[]>([]);
  readonly #id: () => string;

  constructor(id: () => string) {
    super();
    this.#id = id;
    this.query = new Query((signal) => api.review(id(), signal), { keep: true });
  }

  takeUp = (): Promise<boolean> => this.#change(() => api.takeUp(this.#id()));
  giveBack = (): Promise<boolean> => this.#change(() => api.giveBack(this.#id(), this.reason.trim()));
  refuse = (): Promise<boolean> => this.#change(() => api.refuseApplication(this.#id(), this.reason.trim()));
  verify = (): Promise<boolean> =>
    this.#change(() => {
      const ticked = CHECKS.map((check) => [check, this.checks.includes(check)]);
      return api.verifyApplication(this.#id(), Object.fromEntries(ticked) as Record<Check, boolean>);
    });
  /** Where people are the operator the decision is theirs to sign. */
  admit = async (): Promise<void> => {
    let toSign: string | undefined;
    await this.#change(async () => {
      await session.fresh();
      const answer = await api.admitApplicant(this.#id());
      if ('digest' in answer) toSign = answer.id;
    });
    if (toSign !== undefined) await goto(`/instructions/${toSign}`);
  };

  #change(work: () => Promise<unknown>): Promise<boolean> {
    return this.run(async () => {
      await work();
      this.reason = '';
      await this.query.refresh();
    });
  }
}

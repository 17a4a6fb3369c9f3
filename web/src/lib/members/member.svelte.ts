import { api } from '#web/api/client.ts';
import type { Member } from '#web/api/schema.ts';
import { Form } from '#web/ui/form.svelte.ts';
import { flows } from '#web/instructions/flow.svelte.ts';
import { Query } from '#web/state/query.svelte.ts';

/** One member; one's own can be set to take what is offered without being asked. */
export class MemberState extends Form {
  readonly member: Query<Member>;

  constructor(number: () => number) {
    super();
    this.member = new Query((signal) => api.member(number(), signal));
  }

  endStanding(): Promise<boolean> {
    return this.run(() => flows.begin({ type: 'setStanding', standing: false }));
  }
}

import { api } from '#web/api/client.ts';
import type { SupplierInvitationMade } from '#web/api/schema.ts';
import { Form } from '#web/ui/form.svelte.ts';
import { PagedQuery } from '#web/state/query.svelte.ts';

/** Whom the firm has invited, and one that is invited now. */
export class Inviting extends Form {
  readonly list = new PagedQuery((page, signal) => api.invitations(page, signal));
  name = $state('');
  taxId = $state('');
  email = $state('');
  /** Links that were made just now: they show once. */
  made = $state.raw<SupplierInvitationMade[]>([]);

  send(): Promise<boolean> {
    const { name, taxId, email } = this;
    return this.run(async () => {
      const made = await api.inviteSupplier({
        name: name.trim(),
        ...(taxId.trim() === '' ? {} : { taxId: taxId.trim() }),
        ...(email.trim() === '' ? {} : { email: email.trim() }),
      });
      this.made = [made];
      this.name = this.taxId = this.email = '';
      await this.list.refresh();
    });
  }

  withdraw = (id: string): Promise<boolean> =>
    this.run(async () => {
      await api.withdrawInvitation(id);
      await this.list.refresh();
    });
}

/** All of a file whom nobody knows. */
export class InvitingOfFile extends Form {
  made = $state.raw<SupplierInvitationMade[]>([]);

  send(importId: string): Promise<boolean> {
    return this.run(async () => {
      this.made = (await api.inviteImportSuppliers(importId, {})).items;
    });
  }
}

import { challengeOf, encodeWebAuthn } from '#client/signers/webauthn.ts';
import { api } from '#web/api/client.ts';
import { Form } from '#web/ui/form.svelte.ts';
import { keyOf, signWithPasskey } from '#web/people/passkey.ts';
import { readProposal, signedProposal, type Proposal } from './proposal.ts';

/** A file of `npm run govern`, shown and signed with a device of the person. */
export class Governing extends Form {
  proposal = $state.raw<Proposal>();
  name = $state('');
  /** To be saved under the same name. */
  signed = $state<string>();

  open(file: File): Promise<boolean> {
    this.signed = undefined;
    this.proposal = undefined;
    return this.run(async () => {
      this.proposal = readProposal(await file.text());
      this.name = file.name;
    });
  }

  sign(): Promise<boolean> {
    const { proposal } = this;
    return this.run(async () => {
      if (proposal === undefined) return;
      const { items } = await api.devices(new AbortController().signal);
      const { id, response } = await signWithPasskey(challengeOf(proposal.digest), items);
      const device = items.find(({ credentialId }) => credentialId === id);
      if (device === undefined) return;
      this.signed = signedProposal(proposal, keyOf(device), encodeWebAuthn(response));
    });
  }
}

/** What the uploader says of a document. It is encrypted with it, so nobody but its readers learns what there is. */
import { ATTACHMENT_KINDS, type AttachmentKind } from './kinds.ts';

export type DocumentFacts = { readonly kind: AttachmentKind; readonly name: string };

const MAX_NAME = 200;

export const factsOf = (kind: AttachmentKind, name: string): DocumentFacts => ({
  kind,
  name: [...name.trim()].slice(0, MAX_NAME).join(''),
});

/** Of what another member wrote: what does not fit is left out. */
export function readFacts(json: string): DocumentFacts {
  const given: unknown = JSON.parse(json);
  const { kind, name } = (given ?? {}) as Record<string, unknown>;
  return factsOf(
    ATTACHMENT_KINDS.find((each) => each === kind) ?? 'other',
    typeof name === 'string' ? name : '',
  );
}

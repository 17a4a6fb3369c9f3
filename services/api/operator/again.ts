/** Drafts anew what was asked for once: of a firm, of the operator, or about the account of either. */
import { Problem } from '#domain/problems.ts';
import { PLATFORM_NUMBER } from '#db/access/access.ts';
import type { Static } from 'typebox';
import type { InstructionInput, MemberInstructionName } from '#domain/instructions/instructions.ts';
import type { MemberPerson } from '../app-types.ts';
import type { Draft, Drafter } from '../instructions/draft.ts';
import { DRAFTERS } from '../instructions/drafters.ts';
import type { StoredInput } from '../instructions/prepare.ts';
import type { SignatureFor } from '../people/schema.ts';
import { draftSignature } from '../people/signature.ts';
import type { Services } from '../services.ts';
import { draftOf } from './decide.ts';
import type { OperatorInput } from './drafters.ts';

/** As it is kept with the instruction. */
export type GivenSignature = { readonly type: 'giveSignature'; readonly person: string } & Static<
  typeof SignatureFor
>;

/** Throws what stands in the way; REQUEST_INVALID for the admission of an applicant, which is decided where the application is. */
export async function draftAgain(services: Services, by: MemberPerson, input: StoredInput): Promise<Draft> {
  if (input.type === 'giveSignature')
    return draftSignature(services, by, (input as GivenSignature).person, input as GivenSignature);
  if (by.number !== PLATFORM_NUMBER) {
    const asked = input as InstructionInput;
    return (DRAFTERS[asked.type] as Drafter<MemberInstructionName>)(services, by, asked as never);
  }
  const asked = input as OperatorInput;
  if (asked.type === 'admit' && asked.application !== undefined)
    throw new Problem('REQUEST_INVALID', {
      zh: '请在申请页面重新办理',
      en: 'Decide about the application anew, on its own page',
    });
  return draftOf(services, asked);
}

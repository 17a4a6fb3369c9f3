/** What the operator asks for, and who drafts it. A capability adds its line here; the compiler names what is missing. */
import type { Static } from 'typebox';
import type { AskedFor } from '#domain/instructions/instructions.ts';
import type { Draft } from '../instructions/draft.ts';
import { memberDecisions } from '../members/admission.ts';
import type { memberRoutes } from '../members/schema.ts';
import { ruleDecisions } from '../rules/publish.ts';
import type { ruleRoutes } from '../rules/schema.ts';
import type { Services } from '../services.ts';

type Asked = {
  admit: Static<typeof memberRoutes.admitMember.schema.body>;
  suspend: AskedFor<'suspend'>;
  restore: AskedFor<'restore'>;
  publish: Static<typeof ruleRoutes.publishRulePack.schema.body>;
};
export type OperatorInstructionName = keyof Asked;
export type OperatorAsked<N extends OperatorInstructionName> = Asked[N];
export type OperatorInput = { [N in keyof Asked]: { readonly type: N } & Asked[N] }[keyof Asked];

export type OperatorDrafter<N extends OperatorInstructionName> = (
  services: Services,
  asked: Asked[N],
) => Promise<Draft<N>>;

export const OPERATOR_DRAFTERS: { readonly [N in OperatorInstructionName]: OperatorDrafter<N> } = {
  ...memberDecisions,
  ...ruleDecisions,
};

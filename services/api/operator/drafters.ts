/** What the operator asks for, and who drafts it. A capability adds its line here; the compiler names what is missing. */
import type { Static } from 'typebox';
import type { AskedFor, InstructionName } from '#domain/instructions/instructions.ts';
import type { AuditEntry } from '#db/audit/write.ts';
import type { Draft } from '../instructions/draft.ts';
import { memberDecisions } from '../members/admission.ts';
import { recoveryDecisions } from '../members/recovery-decisions.ts';
import type { recoveryRoutes } from '../members/recovery-schema.ts';
import type { memberRoutes } from '../members/schema.ts';
import { ruleDecisions } from '../rules/publish.ts';
import type { ruleRoutes } from '../rules/schema.ts';
import type { Services } from '../services.ts';

type OfMember = { readonly member: number };
type Asked = {
  /** `application`: which one it follows from. */
  admit: Static<typeof memberRoutes.admitMember.schema.body> & { readonly application?: string };
  suspend: AskedFor<'suspend'>;
  restore: AskedFor<'restore'>;
  renew: OfMember & Static<typeof memberRoutes.renewMember.schema.body>;
  proposeRecoveryAsOperator: OfMember & Static<typeof recoveryRoutes.proposeRecoveryAsOperator.schema.body>;
  withdrawRecoveryAsOperator: OfMember;
  publish: Static<typeof ruleRoutes.publishRulePack.schema.body>;
};
export type OperatorInstructionName = keyof Asked;
export type OperatorAsked<N extends OperatorInstructionName> = Asked[N];
export type OperatorInput = { [N in keyof Asked]: { readonly type: N } & Asked[N] }[keyof Asked];

/** With what the audit trail says once the operator's key has been told to do it. */
export type OperatorDraft<N extends InstructionName = InstructionName> = Draft<N> & {
  readonly audited: Pick<AuditEntry, 'action' | 'subject' | 'facts'>;
};

export type OperatorDrafter<N extends OperatorInstructionName> = (
  services: Services,
  asked: Asked[N],
) => Promise<OperatorDraft<N>>;

export const OPERATOR_DRAFTERS: { readonly [N in OperatorInstructionName]: OperatorDrafter<N> } = {
  ...memberDecisions,
  ...recoveryDecisions,
  ...ruleDecisions,
};

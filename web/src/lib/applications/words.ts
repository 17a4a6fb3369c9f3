/** Names of states, kinds and what is missing, in the language of the page. */
import type { Missing } from '#domain/applications/form.ts';
import type { ApplicationState as State } from '#domain/applications/states.ts';
import { m } from '#web/paraglide/messages.js';

type Tone = 'plain' | 'accent' | 'good' | 'warn' | 'bad';
export const STATES: Readonly<Record<State, readonly [name: () => string, tone: Tone]>> = {
  draft: [m.app_state_draft, 'plain'],
  filed: [m.app_state_filed, 'accent'],
  in_review: [m.app_state_in_review, 'accent'],
  verified: [m.app_state_verified, 'accent'],
  admitted: [m.app_state_admitted, 'good'],
  refused: [m.app_state_refused, 'bad'],
};

export const DOCUMENTS = {
  licence: m.doc_licence,
  legal_person: m.doc_legal_person,
  other: m.doc_other,
} as const;
export const LEVEL_NAMES = { maker: m.level_maker, checker: m.level_checker } as const;
export const ENTITY_NAMES = { company: m.entity_company, sole_trader: m.entity_sole_trader } as const;
export const NUMBER_NAMES = { uscc: m.number_uscc, lei: m.number_lei } as const;
export const POLICY_NAMES = { one: m.policy_one, two: m.policy_two, by_amount: m.policy_by_amount } as const;
export const CHECK_NAMES = {
  names_equal_licence: m.check_names_equal_licence,
  legal_person_known: m.check_legal_person_known,
  account_owner_known: m.check_account_owner_known,
} as const;

export const MISSING_NAMES: Readonly<Record<Missing, () => string>> = {
  entity: m.missing_entity,
  number: m.missing_number,
  name: m.missing_name,
  contact: m.missing_contact,
  legalPerson: m.missing_legal_person,
  address: m.missing_address,
  roles: m.missing_roles,
  rolesOfSoleTrader: m.missing_roles_of_sole_trader,
  account: m.missing_account,
  accountProof: m.missing_account_proof,
  policy: m.missing_policy,
  credentialExpiry: m.missing_credential_expiry,
  licence: m.missing_licence,
  legalPersonDocument: m.missing_legal_person_document,
  signers: m.missing_signers,
  administrator: m.missing_administrator,
};

/** What a firm says of itself when it asks to be admitted, and what of it is still missing. */
import type { Role } from '../codes.ts';
import type { Text } from '../problems.ts';
import { leiOf } from '../members/lei.ts';
import { taxNumberOf } from '../members/tax-number.ts';

export const ENTITIES = ['company', 'sole_trader'] as const;
export type Entity = (typeof ENTITIES)[number];
export const NUMBER_KINDS = ['uscc', 'lei'] as const;
export const POLICIES = ['one', 'two', 'by_amount'] as const;
export const LEVELS = ['maker', 'checker'] as const;
export type Level = (typeof LEVELS)[number];
export const DOCUMENT_KINDS = ['licence', 'legal_person', 'other'] as const;
export type DocumentKind = (typeof DOCUMENT_KINDS)[number];
/** What the verifier has compared. */
export const CHECKS = ['names_equal_licence', 'legal_person_known', 'account_owner_known'] as const;
export type Check = (typeof CHECKS)[number];

export type Form = {
  readonly entity?: Entity;
  readonly number?: { readonly kind: (typeof NUMBER_KINDS)[number]; readonly value: string };
  readonly name?: Text;
  readonly contact?: { readonly name: string; readonly phone: string; readonly email: string };
  readonly legalPerson?: string;
  readonly address?: string;
  readonly roles?: readonly Role[];
  readonly account?: { readonly bank: string; readonly number: string };
  readonly policy?: (typeof POLICIES)[number];
  readonly credentialExpiry?: string;
};

/** These a firm has with its admission; the others (bank, settlement bank, regulator) governance gives it after a notice. */
export const ORDINARY_ROLES: readonly Role[] = ['core_enterprise', 'supplier', 'guarantor', 'warehouse'];
/** What one who trades under his own name can be here. */
export const SOLE_TRADER_ROLES: readonly Role[] = ['supplier'];

/** GB 32100: the first two signs of a number say who registered it and as what; 92 is 个体工商户. */
const SOLE_TRADER = '92';

/** The firm's number in its one form; undefined where none is stated yet. */
export function numberOf({ number, entity }: Form): { readonly number?: string } | { readonly fault: Text } {
  if (number === undefined) return {};
  if (number.kind === 'lei') {
    const read = leiOf(number.value);
    if ('fault' in read) return read;
    return entity === 'sole_trader' ? { fault: NEEDS_USCC } : { number: read.lei };
  }
  const read = taxNumberOf(number.value);
  if ('fault' in read) return read;
  if (entity !== undefined && read.number.startsWith(SOLE_TRADER) !== (entity === 'sole_trader'))
    return { fault: entity === 'sole_trader' ? NOT_SOLE_TRADER : IS_SOLE_TRADER };
  return read;
}

export const MISSING = [
  'entity',
  'number',
  'name',
  'contact',
  'legalPerson',
  'address',
  'roles',
  'rolesOfSoleTrader',
  'account',
  'accountProof',
  'policy',
  'credentialExpiry',
  'licence',
  'legalPersonDocument',
  'signers',
  'administrator',
] as const;
export type Missing = (typeof MISSING)[number];

type Signing = { readonly rights: readonly string[]; readonly level: Level | null };
export type Whole = {
  readonly kind: 'admission' | 'renewal';
  readonly form: Form;
  readonly documents: readonly DocumentKind[];
  readonly people: readonly Signing[];
  readonly isAccountProved: boolean;
};

/** What has to be there before it is filed. A renewal changes neither account nor people. */
export function missingIn({ kind, form, documents, people, isAccountProved }: Whole): Missing[] {
  const isSole = form.entity === 'sole_trader';
  const isNew = kind === 'admission';
  const signers = people.filter(({ level }) => level !== null).length;
  const lacks: Readonly<Record<Missing, boolean>> = {
    entity: form.entity === undefined,
    number: form.number === undefined,
    name: form.name === undefined,
    contact: form.contact === undefined,
    legalPerson: form.legalPerson === undefined,
    address: form.address === undefined,
    roles: isNew && (form.roles ?? []).length === 0,
    rolesOfSoleTrader:
      isNew && isSole && (form.roles ?? []).some((role) => !SOLE_TRADER_ROLES.includes(role)),
    account: isNew && form.account === undefined,
    accountProof: isNew && form.account !== undefined && !isAccountProved,
    policy: isNew && form.policy === undefined,
    credentialExpiry: form.credentialExpiry === undefined,
    licence: !documents.includes('licence'),
    legalPersonDocument: !isSole && !documents.includes('legal_person'),
    signers: isNew && signers < neededSigners(form),
    administrator: isNew && !people.some(({ rights }) => rights.includes('administer')),
  };
  return MISSING.filter((each) => lacks[each]);
}

/** How many of the firm's people sign each instruction at first; by amount comes as a policy of the account later. */
export const neededSigners = ({ policy }: Form): number => (policy === 'one' || policy === undefined ? 1 : 2);

const NEEDS_USCC: Text = {
  zh: '个体工商户请填写统一社会信用代码',
  en: 'A sole trader (个体工商户) is named by its unified social credit code',
};
const NOT_SOLE_TRADER: Text = {
  zh: '个体工商户的统一社会信用代码以 92 开头；企业请选择“企业”',
  en: 'The code of a sole trader (个体工商户) begins with 92; a company applies as a company',
};
const IS_SOLE_TRADER: Text = {
  zh: '以 92 开头的是个体工商户，请选择“个体工商户”',
  en: 'A code that begins with 92 is that of a sole trader (个体工商户): apply as one',
};

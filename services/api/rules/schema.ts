/** Rule packs: the numbers that rule a kind of instrument. */
import { Type } from 'typebox';
import { route } from '../access/route.ts';
import { BillKind } from '../bills/schema.ts';
import { PreparedInstruction } from '../instructions/schema.ts';
import { SIGNED } from '../members/schema.ts';
import { Hash, idempotencyHeader, LegalDate, Nullable, strict, withProblems } from '../schemas/common.ts';

const rules = { tags: ['rules'] };

const RulePack = Type.Object(
  {
    number: Type.Integer(),
    kind: BillKind,
    effectiveFrom: LegalDate,
    effectiveTo: Nullable(LegalDate),
    tenorMonths: Type.Integer(),
    basis: Type.Integer(),
    maxSplits: Type.Integer(),
    documentHash: Hash,
    inForce: Type.Boolean(),
  },
  { ...strict, title: 'RulePack' },
);

const Citation = Type.String({ minLength: 1, maxLength: 2_000 });

export const ruleRoutes = {
  listRulePacks: route('GET', '/api/rule-packs', 'signed in', {
    summary: 'Rule packs, newest first',
    ...rules,
    response: withProblems({
      200: Type.Object({ items: Type.Array(RulePack) }, { ...strict, title: 'RulePacks' }),
    }),
  }),
  publishRulePack: route('POST', '/api/operator/rule-packs', 'operator', {
    summary: 'Publish the numbers that rule a kind of instrument from a day on',
    description:
      'From a later day than today, on which the pack before it ends; bills that were issued under that one keep it. What is published cannot be changed, only replaced. ' +
      SIGNED,
    tags: ['operator'],
    headers: idempotencyHeader,
    body: Type.Object(
      {
        kind: BillKind,
        effectiveFrom: LegalDate,
        tenorMonths: Type.Integer({
          minimum: 1,
          maximum: 255,
          description: 'From issue to maturity at most',
        }),
        basis: Type.Union([Type.Literal(360), Type.Literal(365)], {
          description: 'Days of a year of interest',
        }),
        maxSplits: Type.Integer({
          minimum: 0,
          maximum: 65_535,
          description: 'Cuts of one bill beyond which its splitting is reported',
        }),
        citation: Type.Object(
          { zh: Citation, en: Citation },
          {
            ...strict,
            description: 'Where the numbers come from; the hash of pack and citation goes on chain',
          },
        ),
      },
      { ...strict, title: 'RulePackInput' },
    ),
    response: withProblems({ 201: RulePack, 202: PreparedInstruction }),
  }),
};

import { describe, expect, it } from 'vitest';
import { documentTypeOf } from '#domain/applications/file-kinds.ts';
import { missingIn, MISSING, numberOf, type Form, type Whole } from '#domain/applications/form.ts';
import { checkDigitOf } from '#domain/members/tax-number.ts';

const withDigit = (body: string) => body + checkDigitOf(body);
const COMPANY = withDigit('91320100MADM00099');
const SOLE = withDigit('92320100MADM00099');
const uscc = (value: string) => ({ kind: 'uscc' as const, value });

const form: Form = {
  entity: 'company',
  number: uscc(COMPANY),
  name: { zh: '某厂', en: 'Some works' },
  contact: { name: '甲', phone: '025-1234567', email: 'a@example.com' },
  legalPerson: '甲',
  address: '南京',
  roles: ['supplier'],
  account: { bank: '江海商业银行', number: '6222000000000001' },
  policy: 'two',
  credentialExpiry: '2030-01-01',
};
const signer = { rights: ['see', 'sign', 'administer'], level: 'maker' } as const;
const whole: Whole = {
  kind: 'admission',
  form,
  documents: ['licence', 'legal_person'],
  people: [signer, { ...signer, level: 'checker' }],
  isAccountProved: true,
};

describe('an application', () => {
  it('is whole with everything', () => expect(missingIn(whole)).toEqual([]));

  it('says all that is missing in an empty one', () => {
    const empty = missingIn({
      kind: 'admission',
      form: {},
      documents: [],
      people: [],
      isAccountProved: false,
    });
    // Of an account that is not stated nothing is to be proved yet.
    expect(empty).toEqual(MISSING.filter((each) => each !== 'accountProof' && each !== 'rolesOfSoleTrader'));
  });

  it('wants as many signers as sign', () => {
    const people = [signer, { rights: ['see'], level: null }] as const;
    expect(missingIn({ ...whole, people })).toEqual(['signers']);
    expect(missingIn({ ...whole, people, form: { ...form, policy: 'by_amount' } })).toEqual(['signers']);
    expect(missingIn({ ...whole, people, form: { ...form, policy: 'one' } })).toEqual([]);
  });

  it('of a sole trader is short: no document of a legal person, but only as a supplier', () => {
    const sole: Form = { ...form, entity: 'sole_trader', number: uscc(SOLE) };
    expect(missingIn({ ...whole, form: sole, documents: ['licence'] })).toEqual([]);
    const roles: Form = { ...sole, roles: ['supplier', 'core_enterprise'] };
    expect(missingIn({ ...whole, form: roles, documents: ['licence'] })).toEqual(['rolesOfSoleTrader']);
    expect(missingIn({ ...whole, documents: ['licence'] })).toEqual(['legalPersonDocument']);
  });

  it('renews without account and people', () => {
    const renewed = { ...whole, kind: 'renewal', people: [], isAccountProved: false } as const;
    expect(missingIn(renewed)).toEqual([]);
  });

  it('has a number of its kind', () => {
    expect(numberOf({})).toEqual({});
    expect(numberOf({ entity: 'company', number: uscc(COMPANY.toLowerCase()) })).toEqual({ number: COMPANY });
    expect(numberOf({ entity: 'sole_trader', number: uscc(SOLE) })).toEqual({ number: SOLE });
    expect(numberOf({ entity: 'company', number: uscc(SOLE) })).toHaveProperty('fault');
    expect(numberOf({ entity: 'sole_trader', number: uscc(COMPANY) })).toHaveProperty('fault');
    const lei = { kind: 'lei', value: '5493001kjtiigc8y1r12' } as const;
    expect(numberOf({ entity: 'company', number: lei })).toEqual({ number: '5493001KJTIIGC8Y1R12' });
    expect(numberOf({ entity: 'sole_trader', number: lei })).toHaveProperty('fault');
    expect(numberOf({ number: { ...lei, value: '5493001KJTIIGC8Y1R13' } })).toHaveProperty('fault');
  });
});

describe('a document', () => {
  it('is what its bytes say', () => {
    expect(documentTypeOf(Buffer.from('%PDF-1.7\n'))).toBe('application/pdf');
    expect(documentTypeOf(Buffer.from('ffd8ffe0', 'hex'))).toBe('image/jpeg');
    expect(documentTypeOf(Buffer.from('89504e470d0a1a0a', 'hex'))).toBe('image/png');
    for (const other of [
      '',
      '%PD',
      'PK\x03\x04',
      '<html>',
      '<svg xmlns="http://www.w3.org/2000/svg"/>',
      'GIF89a',
    ])
      expect(documentTypeOf(Buffer.from(other, 'latin1'))).toBeUndefined();
  });
});

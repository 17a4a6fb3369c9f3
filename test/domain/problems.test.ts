import { describe, expect, it } from 'vitest';
import {
  ACT_PROBLEM_CODES,
  isProblemCode,
  Problem,
  PROBLEM_CODES,
  problems,
  refuseIf,
} from '#domain/problems.ts';

describe('problems', () => {
  it('win in the order of the scenario format', () => {
    expect(ACT_PROBLEM_CODES).toEqual(
      [
        'REQUEST_INVALID MEMBER_UNKNOWN MEMBER_NOT_ACTIVE ROLE_REQUIRED NOT_HOLDER NOT_OFFERED_TO_YOU OFFER_CHANGED',
        'OFFER_EXPIRED',
        'BILL_NOT_ACTIVE BILL_MATURED NOT_DUE PARCEL_LOCKED RESTRICTED AMOUNT_INVALID AMOUNT_EXCEEDS_PARCEL',
        'DUE_DATE_INVALID TENOR_TOO_LONG INVOICE_OCCUPIED DESK_NOT_ALLOWED QUOTE_EXPIRED QUOTE_EXCEEDED',
        'PRICE_CHANGED REDEMPTION_EXCEEDED CAP_EXCEEDED LINE_EXCEEDED OVERPAID INSUFFICIENT_CASH',
      ].flatMap((line) => line.split(' ')),
    );
  });

  it('all have a client or server error status and titles in both languages', () => {
    for (const code of PROBLEM_CODES) {
      expect(problems[code].status).toBeGreaterThanOrEqual(400);
      expect(problems[code].zh).toMatch(/[一-鿿]/);
      expect(problems[code].en).toMatch(/^[A-Z]/);
    }
  });

  it('are known by code', () => {
    expect(isProblemCode('NOT_DUE')).toBe(true);
    expect(isProblemCode('toString')).toBe(false);
  });
});

describe('refuseIf', () => {
  it('throws the first that fits, whatever the order of writing', () => {
    const fits = { INSUFFICIENT_CASH: true, PARCEL_LOCKED: true, NOT_HOLDER: false };
    expect(() => refuseIf(fits)).toThrow(expect.objectContaining({ code: 'PARCEL_LOCKED', status: 409 }));
  });

  it('lets an act pass that nothing speaks against', () => {
    expect(() => refuseIf({ NOT_HOLDER: false })).not.toThrow();
  });
});

describe('Problem', () => {
  it('says its code and its detail', () => {
    const problem = new Problem('NOT_DUE', { zh: '六月一日到期', en: 'Due on 1 June' });
    expect(problem.message).toBe('NOT_DUE: Due on 1 June');
    expect(problem.title.en).toBe('It is not due yet');
  });
});

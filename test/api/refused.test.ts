import { expect, it } from 'vitest';
import { refused } from '#api/problems/refused.ts';

it('makes a sentence in each language of the facts of a reason, under its code', () => {
  const problem = refused('SELLER_NOT_PAYEE', {
    path: 'bills/0/invoices/1',
    number: 'A-7',
    seller: '91320100MA3LL5AA63',
    taxNumber: '91320100MA3WRW1MY7',
  });
  expect([problem.code, problem.status]).toEqual(['REQUEST_INVALID', 400]);
  expect(problem.detail).toEqual({
    zh: 'bills/0/invoices/1，发票 A-7：销售方 91320100MA3LL5AA63 不是收款方（税号 91320100MA3WRW1MY7）',
    en: 'bills/0/invoices/1, invoice A-7: its seller 91320100MA3LL5AA63 is not the payee, whose tax number is 91320100MA3WRW1MY7',
  });
  expect(refused('UPLOADS_OF_ALL')).toMatchObject({ code: 'UNAVAILABLE', status: 503 });
});

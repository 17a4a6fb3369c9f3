import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { interfaces } from '#chain/contracts.ts';
import { hasCode, isRehearsed, knownErrorNames, refusalOf } from '#chain/errors.ts';

const OURS =
  /^(Bills|Participants|Rulebook|InvoiceRegistry|CreditLines|DepositToken|FinancingDesk|OrgAccount|Relay|AuditAnchor)[A-Z]/;

/** Not the answer to any act of a member: somebody called what only the contracts call, or rehearsed. */
const NO_ANSWERS = [
  'BillsExtensionNotBills',
  'CreditLinesNotBills',
  'DepositTokenNotBills',
  'FinancingDeskNotBills',
  'OrgAccountNotSelf',
  'OrgAccountRehearsed',
];

const ours = [...new Set(knownErrorNames())].filter((name) => OURS.test(name)).sort();

describe('errors of the contracts', () => {
  it('are told to people by a problem code', () => {
    expect(ours.length).to.be.greaterThan(40);
    expect(ours.filter((name) => !hasCode(name))).to.deep.equal(NO_ANSWERS);
  });

  it('are each provoked by a test of their own', () => {
    const tests = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.test.ts') && file !== 'Errors.test.ts')
      .map((file) => readFileSync(join(import.meta.dirname, file), 'utf8'))
      .join('\n');
    expect(ours.filter((name) => !tests.includes(`'${name}'`))).to.deep.equal([]);
  });

  it('keep their names and arguments on the way', () => {
    const data = interfaces.bills.encodeErrorResult('BillsOverpaid', [7n, 9n, 5n]);
    expect(refusalOf(data)).to.deep.equal({ code: 'OVERPAID', error: 'BillsOverpaid', args: [7n, 9n, 5n] });
    expect(isRehearsed(interfaces.orgAccount.encodeErrorResult('OrgAccountRehearsed', []))).to.equal(true);
    expect(isRehearsed(data)).to.equal(false);
  });

  it('of nobody’s are faults of ours', () => {
    for (const data of [
      '0x',
      '0x12345678',
      interfaces.bills.encodeErrorResult('BillsOverpaid', [7n, 9n, 5n]).slice(0, 60),
    ]) {
      expect(refusalOf(data)).to.deep.equal({ code: 'INTERNAL', error: 'unknown', args: [] });
    }
  });
});

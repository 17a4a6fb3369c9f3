/** Whom the operator admits: with a tax number that is right, and that no other member has. */
import { PLATFORM } from '#domain/instructions/sentences.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Operator } from '#client/operator.ts';
import { prepareGround, type Ground } from '../../fixtures/ground.ts';

const NUMBER = '91330782MA0000023F';

describe('admission', () => {
  let ground: Ground;
  let relayer: { close(): Promise<void> };
  let operator: Operator;
  beforeAll(async () => {
    ground = await prepareGround();
    relayer = await ground.relayer();
    operator = await Operator.enter(ground.apiUrl);
  });
  afterAll(async () => {
    await relayer?.close();
    await ground?.close();
  });

  const admit = (taxId?: string, taxKind?: 'uscc' | 'old' | 'foreign') =>
    operator
      .admit({
        name: { zh: '甲', en: 'A' },
        roles: ['supplier'],
        reason: 'licence seen',
        ...(taxId === undefined ? {} : { taxId }),
        ...(taxKind === undefined ? {} : { taxKind }),
      })
      .then(
        () => 'admitted',
        ({ code }: { code?: string }) => code,
      );

  it('is refused for a number whose check digit is wrong, or that is not of its kind', async () => {
    expect(await admit('91330782MA00000002')).toBe('TAX_NUMBER_INVALID');
    expect(await admit('DE123456789')).toBe('TAX_NUMBER_INVALID');
    expect(await admit('税号')).toBe('TAX_NUMBER_INVALID');
    expect(await admit('DE123456789', 'foreign')).toBe('admitted');
    expect(await admit()).toBe('admitted');
    expect(await admit()).toBe('admitted');
  });

  it('is refused for a number that a member has, or is just getting, however it is written', async () => {
    const both = await Promise.all([admit(NUMBER), admit(NUMBER)]);
    expect(both.toSorted()).toEqual(['TAX_NUMBER_TAKEN', 'admitted']);
    expect(await admit(` ${NUMBER.toLowerCase()} `)).toBe('TAX_NUMBER_TAKEN');
    expect(await admit('91330782 MA00 0002 3F')).toBe('TAX_NUMBER_TAKEN');
  });

  it('keeps its reason, and the number in one form, with the act', async () => {
    const acts = await ground.db
      .selectFrom('app.instruction')
      .select(['input', 'facts'])
      .where('type', '=', 'admit')
      .where('state', '=', 'done')
      .execute();
    expect(acts).toContainEqual({
      input: expect.objectContaining({ taxId: NUMBER, reason: 'licence seen' }),
      facts: {
        by: PLATFORM,
        does: [{ instruction: 'admit', member: { zh: '甲', en: 'A' }, taxNumber: NUMBER }],
      },
    });
  });
});

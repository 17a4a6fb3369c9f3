import { describe, expect, it } from 'vitest';
import { factsOf, plainFacts, type Facts } from '#domain/instructions/facts.ts';

describe('facts that are kept', () => {
  const facts: Facts = {
    by: { zh: '云岭银行', en: 'Yunling Bank' },
    does: [
      { instruction: 'deposit', to: 'ACME', reference: '100n', amount: 2n ** 70n, currency: 'CNY' },
      { instruction: 'setStanding', standing: false },
    ],
  };

  it('come back as they were, amounts beyond a double and texts that look like numbers too', () => {
    expect(factsOf(JSON.parse(JSON.stringify(plainFacts(facts))))).toEqual(facts);
  });
});

/** A bank's lines. */
import { readMoney } from '../schemas/money.ts';
import { atMost, requireMembers, type Drafter } from '../instructions/draft.ts';

const MAX_LINE = 2n ** 64n - 1n;
const objectionsTo = (amount: bigint) => (amount > MAX_LINE ? [{ code: 'AMOUNT_INVALID' } as const] : []);

const setLine: Drafter<'setLine'> = async (services, _by, { obligor, limit, group = 0 }) => {
  const { currency } = services.deployment;
  const amount = readMoney(limit, currency);
  await requireMembers(services, [obligor]);
  return {
    calls: [services.calls.lines.setLine(obligor, atMost(amount, MAX_LINE), group)],
    objections: objectionsTo(amount),
    facts: async () => {
      const ref = await services.names.of([obligor]);
      return { obligor: ref(obligor).name, group, amount, currency };
    },
  };
};

const setGroupLine: Drafter<'setGroupLine'> = async (services, _by, { group, limit }) => {
  const { currency } = services.deployment;
  const amount = readMoney(limit, currency);
  return {
    calls: [services.calls.lines.setGroupLine(group, atMost(amount, MAX_LINE))],
    objections: objectionsTo(amount),
    facts: () => ({ group, amount, currency }),
  };
};

export const lineDrafters = { setLine, setGroupLine };

import { describe, expect, it } from 'vitest';
import { interfaces } from '#chain/contracts.ts';
import { acts, ACT_TITLES, ACT_WORDS, eventsThat } from '#domain/acts/acts.ts';

const events = () =>
  interfaces.bills.fragments.flatMap((fragment) =>
    fragment.type === 'event' ? [interfaces.bills.getEvent(fragment.format('sighash'))!] : [],
  );

describe('the acts', () => {
  it('are the events of the ledger that tell of a bill, no more and no fewer', () => {
    const ofBills = events().filter(({ inputs: [first] }) => first?.name === 'billNo');
    expect(ofBills.map(({ name }) => name).sort()).toEqual(Object.keys(acts).sort());
  });

  it('on a parcel begin their data with its first cent: the read model finds it there', () => {
    const onParcels: readonly string[] = eventsThat(({ about }) => about === 'parcel');
    for (const event of events().filter(({ name }) => onParcels.includes(name))) {
      const [first] = event.inputs.filter(({ indexed }) => !indexed);
      expect([event.name, first?.name]).toEqual([event.name, expect.stringMatching(/^(cutFrom|first)$/)]);
    }
  });

  it('have a title in both languages for each word', () => {
    expect(Object.keys(ACT_TITLES).sort()).toEqual([...ACT_WORDS].sort());
  });
});

import { expect } from 'chai';
import { committedGas } from '#scripts/bench/gas.ts';
import { measureOurs } from '#scripts/bench/gas/ours.ts';

describe('gas', () => {
  it('is what docs/gas.json says, to the unit (otherwise: npm run bench -- gas)', async () => {
    const gasOf = (acts: readonly { act: string; gas: number }[]) => acts.map(({ act, gas }) => [act, gas]);
    expect(gasOf(await measureOurs({ floors: false }))).to.deep.equal(gasOf(committedGas().ours));
  });
});

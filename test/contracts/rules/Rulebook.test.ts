import { expect } from 'chai';
import { id } from 'ethers';
import { KIND_NUMBERS } from '#domain/codes.ts';
import { canonicalJson } from '#domain/canonical-json.ts';
import { RULE_PACKS } from '#domain/rules/rule-packs.ts';
import { dateOf, issued, issues } from '../support/acts.ts';
import { clockTo, ethers } from '../support/chain.ts';
import { refused } from '../support/refusals.ts';
import { stage, type Stage } from '../support/stage.ts';

const { CERTIFICATE, DRAFT } = KIND_NUMBERS;
const TEXT = ethers.id('full text');
const APRIL = dateOf('2026-04-01');

describe('Rulebook', () => {
  let s: Stage;
  beforeEach(async () => {
    s = await stage();
  });
  const publish = (
    from: number,
    { kind = CERTIFICATE as number, months = 3, basis = 360, splits = 7 } = {},
  ) => s.contracts.rulebook.publish(kind, from, months, basis, splits, TEXT);

  describe('as it is shipped', () => {
    it('holds the certificate pack of the domain, in force, with the hash of its text', async () => {
      const { rulebook } = s.contracts;
      const shipped = RULE_PACKS.findLast(({ kind }) => kind === 'CERTIFICATE')!;
      const [pack, hash] = await rulebook.pack(1);
      expect(pack).to.deep.equal([
        BigInt(CERTIFICATE),
        BigInt(dateOf(shipped.effectiveFrom)),
        0n,
        BigInt(shipped.tenorMonths),
        BigInt(shipped.dayCount.CNY!),
        BigInt(shipped.maxSplits),
      ]);
      expect(hash).to.equal(id(canonicalJson(shipped)));
      expect(await rulebook.latest(CERTIFICATE)).to.equal(1);
      expect(await rulebook.latest(DRAFT)).to.equal(0);
      const { kind, tenorMonths, basis } = pack;
      expect(await rulebook.inForce(1)).to.deep.equal([kind, tenorMonths, basis]);
    });
  });

  describe('a pack that replaces another', () => {
    it('closes its predecessor at the instant at which it begins', async () => {
      const { rulebook } = s.contracts;
      await expect(publish(APRIL))
        .to.emit(rulebook, 'PackPublished')
        .withArgs(2, CERTIFICATE, [CERTIFICATE, APRIL, 0, 3, 360, 7], TEXT)
        .and.to.emit(rulebook, 'PackClosed')
        .withArgs(1, APRIL);
      expect((await rulebook.pack(1))[0].effectiveTo).to.equal(APRIL);
      expect(await rulebook.latest(CERTIFICATE)).to.equal(2);
    });

    it('comes into force in the very second in which the other ends', async () => {
      const { rulebook } = s.contracts;
      await publish(APRIL);
      await clockTo(APRIL - 1);
      await rulebook.inForce(1);
      await refused(rulebook.inForce(2), rulebook, 'RulebookNotInForce', 2);
      await clockTo(APRIL);
      await rulebook.inForce(2);
      await refused(rulebook.inForce(1), rulebook, 'RulebookNotInForce', 1);
    });

    it('rules new bills and leaves those of before as they were', async () => {
      const { bills } = s.contracts;
      const { bill } = await issued(s);
      await publish(APRIL);
      await clockTo(APRIL);
      await refused(issues(s, { serial: 2 }), s.contracts.rulebook, 'RulebookNotInForce', 1);
      const late = await issued(s, { serial: 2, rulePack: 2 });
      const packOf = async (no: bigint) => ((await bills.terms(no)) >> 16n) & 0xffffn;
      expect([await packOf(bill), await packOf(late.bill)]).to.deep.equal([1n, 2n]);
    });

    it('cannot begin in the past, nor before the one that it replaces', async () => {
      const { rulebook } = s.contracts;
      const yesterday = dateOf('2026-03-02');
      await refused(publish(yesterday), rulebook, 'RulebookInvalidStart', yesterday);
      await publish(APRIL);
      await refused(publish(APRIL), rulebook, 'RulebookInvalidStart', APRIL);
      await refused(publish(APRIL - 1), rulebook, 'RulebookInvalidStart', APRIL - 1);
      await publish(APRIL + 1);
      expect(await rulebook.latest(CERTIFICATE)).to.equal(3);
    });

    it('leaves the packs of other kinds alone', async () => {
      const { rulebook } = s.contracts;
      await publish(dateOf('2020-01-01'), { kind: DRAFT });
      expect((await rulebook.pack(1))[0].effectiveTo).to.equal(0);
      await rulebook.inForce(2);
    });
  });

  describe('a pack that is none', () => {
    it('is refused without a tenor, with another basis, or for no kind', async () => {
      const { rulebook } = s.contracts;
      await refused(publish(APRIL, { months: 0 }), rulebook, 'RulebookInvalidPack');
      await refused(publish(APRIL, { basis: 364 }), rulebook, 'RulebookInvalidPack');
      await refused(publish(APRIL, { kind: 0 }), rulebook, 'RulebookInvalidPack');
    });

    it('is not known and not in force', async () => {
      const { rulebook } = s.contracts;
      for (const packNo of [0, 2]) {
        await refused(rulebook.pack(packNo), rulebook, 'RulebookUnknownPack', packNo);
        await refused(rulebook.inForce(packNo), rulebook, 'RulebookNotInForce', packNo);
      }
    });
  });

  it('is written by the operator alone', async () => {
    const { rulebook } = s.contracts;
    const data = rulebook.interface.encodeFunctionData('publish', [CERTIFICATE, APRIL, 3, 360, 7, TEXT]);
    for (const actor of [s.stranger, s.deployer, s.coreFirm]) {
      await refused(
        actor.does({ target: s.deployment.addresses.rulebook, data }),
        rulebook,
        'AccessManagedUnauthorized',
        actor.account,
      );
    }
  });
});

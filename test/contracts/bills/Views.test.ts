import { expect } from 'chai';
import { billNo } from '#domain/bills/intervals.ts';
import { DUE, issued, moves, passed, taken, type Issued } from '../support/acts.ts';
import { refused } from '../support/refusals.ts';
import { stage, type Stage } from '../support/stage.ts';

const decoded = (uri: string, type: string): string => {
  const prefix = `data:${type};base64,`;
  expect(uri.slice(0, prefix.length)).to.equal(prefix);
  return Buffer.from(uri.slice(prefix.length), 'base64').toString('utf8');
};

/** Elements of an SVG without nesting but the root: enough to see that it is well formed and what it shows. */
function elementsOf(svg: string): { name: string; attributes: Record<string, string>; text: string }[] {
  const root = /^<svg ([^<>]*)>(.*)<\/svg>$/.exec(svg);
  expect(root, 'one root').not.to.equal(null);
  const element = /<(\w+)((?: [\w-]+="[^"<>&]*")*)(?:\/>|>([^<>&]*)<\/\1>)/g;
  expect(root![2]!.replaceAll(element, ''), 'nothing between the elements').to.equal('');
  return [...root![2]!.matchAll(element)].map(([, name, attributes, text]) => ({
    name: name!,
    attributes: Object.fromEntries(
      [...attributes!.matchAll(/ ([\w-]+)="([^"]*)"/g)].map(([, k, v]) => [k, v]),
    ),
    text: text ?? '',
  }));
}

describe('Bills: views', () => {
  let s: Stage;
  let made: Issued;
  let part: bigint;
  beforeEach(async () => {
    s = await stage();
    made = await taken(s);
    part = await passed(s, made.root, 25_00n, s.supplier, s.supplier2);
  });

  describe('tokenURI', () => {
    it('is a JSON document that names bill, range and holder', async () => {
      const json = decoded(await s.contracts.bills.tokenURI(part), 'application/json');
      const document = JSON.parse(json) as {
        name: string;
        attributes: { trait_type: string; value: string }[];
      };
      expect(document.name).to.equal(`Bill ${made.bill} / 7501-10000`);
      expect(document.attributes).to.deep.equal([
        { trait_type: 'range', value: '7501-10000' },
        { trait_type: 'holder', value: String(s.supplier2.number) },
        { trait_type: 'acceptor', value: String(s.coreFirm.number) },
        { trait_type: 'face', value: '10000' },
        { trait_type: 'due', value: String(DUE) },
      ]);
    });

    it('draws the line with a piece for each parcel and marks the one that was asked for', async () => {
      const json = decoded(await s.contracts.bills.tokenURI(part), 'application/json');
      const { image } = JSON.parse(json) as { image: string };
      const rects = elementsOf(decoded(image, 'image/svg+xml')).filter(({ name }) => name === 'rect');
      const [whole, ...pieces] = rects.map(({ attributes: { x, width, y } }) => [x, width, y]);
      expect(whole).to.deep.equal(['0.00', '1000.00', '48']);
      expect(pieces).to.deep.equal([
        ['0.00', '750.00', '48'],
        ['750.00', '250.00', '48'],
        ['750.00', '250.00', '84'],
      ]);
      const colours = rects.slice(1, 3).map(({ attributes }) => attributes.fill);
      expect(colours[0]).not.to.equal(colours[1]);
    });

    it('shows a bill that waits for its payee', async () => {
      const waiting = await issued(s, { serial: 2 });
      const json = decoded(await s.contracts.bills.tokenURI(waiting.root), 'application/json');
      expect(JSON.parse(json).attributes[1]).to.deep.equal({
        trait_type: 'holder',
        value: String(s.coreFirm.number),
      });
    });

    it('is refused for what is no parcel', async () => {
      const { bills } = s.contracts;
      for (const id of [0n, made.root + 1n, billNo(9, 9) << 64n]) {
        await refused(bills.tokenURI(id), bills, 'BillsNoSuchParcel', id);
        await refused(bills.ownerOf(id), bills, 'BillsNoSuchParcel', id);
      }
    });
  });

  it('ownerOf is the account behind the holder, also after it moved', async () => {
    const { bills } = s.contracts;
    expect(await bills.ownerOf(made.root)).to.equal(s.supplier.account);
    expect(await bills.ownerOf(part)).to.equal(s.supplier2.account);
    await moves(s, s.supplier, s.stranger);
    expect(await bills.ownerOf(made.root)).to.equal(s.stranger.account);
  });

  it('parcelsFrom pages through a bill from any parcel on', async () => {
    const { bills } = s.contracts;
    await passed(s, made.root, 25_00n, s.supplier, s.guarantor);
    const all = await bills.parcelsFrom(made.bill, 0, 10_000);
    expect(all.map(({ first, end }) => [first, end])).to.deep.equal([
      [0n, 50_00n],
      [50_00n, 75_00n],
      [75_00n, 100_00n],
    ]);
    expect(await bills.parcelsFrom(made.bill, 0, 2)).to.deep.equal(all.slice(0, 2));
    expect(await bills.parcelsFrom(made.bill, 50_00n, 9)).to.deep.equal(all.slice(1));
    expect(await bills.parcelsFrom(made.bill, 100_00n, 9)).to.deep.equal([]);
    expect(await bills.parcelsFrom(made.bill, 0, 0)).to.deep.equal([]);
    await refused(bills.parcelsFrom(made.bill, 1, 9), bills, 'BillsNoSuchParcel', made.root + 1n);
    expect(await bills.parcelsFrom(12345n, 0, 9)).to.deep.equal([]);
  });

  it('does not claim to be an ERC-721 collection', async () => {
    expect(s.contracts.bills.interface.getFunction('supportsInterface' as 'parcel')).to.equal(null);
  });
});

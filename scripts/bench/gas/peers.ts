/** What the peers' acts cost, in the same run: each after the same act was done once before on another paper. */
import type { TransactionReceipt } from 'ethers';
import { openGasChain, type Account, type Deployed, type GasChain } from './chain.ts';
import { compiled, shipped, versionOf } from './peers/artifacts.ts';
import { openTrex } from './peers/trex.ts';

/** What is measured of every peer that can do it. */
export const PEER_ACTS = [
  'mint',
  'part to a new holder',
  'whole to an existing holder',
  'delivery versus payment',
] as const;
type ActName = (typeof PEER_ACTS)[number];

export type PeerAct = {
  readonly peer: string;
  readonly version: string;
  readonly act: ActName;
  readonly gas: number;
};
type Found = Partial<Record<ActName, number>>;

const FACE = 1_234_567_89n;
const PART = 9_876_54n;

type Cast = { readonly chain: GasChain; readonly owner: Account; readonly holders: readonly Account[] };

export async function measurePeers(): Promise<PeerAct[]> {
  const chain = await openGasChain();
  const cast = { chain, owner: chain.account('issuer'), holders: ['a', 'b', 'c'].map(chain.account) };
  const libraries = compiled(`${import.meta.dirname}/peers/Peers.sol`);
  const make = (name: string): Promise<Deployed> => chain.deploy(cast.owner, libraries[name]!);
  try {
    return [
      ...named('ERC-3525', '@solvprotocol/erc-3525', await solv(cast)),
      ...named(
        'OpenZeppelin ERC-1155',
        '@openzeppelin/contracts',
        await erc1155(cast, await make('OpenZeppelin1155')),
      ),
      ...named(
        'OpenZeppelin ERC-721',
        '@openzeppelin/contracts',
        await erc721(cast, await make('OpenZeppelin721')),
      ),
      ...named('Solady ERC-721', 'solady', await erc721(cast, await make('Solady721'))),
      ...named('TradeTrust', '@tradetrust-tt/token-registry', await tradeTrust(cast)),
      ...named('T-REX', '@tokenysolutions/t-rex', await trex(cast, await make('Cash'))),
    ];
  } finally {
    await chain.close();
  }
}

const named = (peer: string, packageName: string, found: Found): PeerAct[] =>
  PEER_ACTS.flatMap((act) => {
    const gas = found[act];
    return gas === undefined ? [] : [{ peer, version: versionOf(packageName), act, gas }];
  });

const gasOf = (...receipts: readonly TransactionReceipt[]): number =>
  receipts.reduce((sum, { gasUsed }) => sum + Number(gasUsed), 0);

/** The same twice, with different papers; what the second time cost. */
async function warmed(story: (paper: bigint) => Promise<Found>): Promise<Found> {
  await story(1_001n);
  return story(1_002n);
}

/** Whole papers only. */
function erc721({ owner, holders }: Cast, token: Deployed): Promise<Found> {
  const [a, b] = holders as [Account, Account];
  return warmed(async (id) => {
    await token.does(owner, 'mint', a.address, id + 1_000n);
    await token.does(owner, 'mint', b.address, id + 2_000n);
    return {
      mint: gasOf(await token.does(owner, 'mint', a.address, id)),
      'whole to an existing holder': gasOf(await token.does(a, 'transferFrom', a.address, b.address, id)),
    };
  });
}

function erc1155({ owner, holders }: Cast, token: Deployed): Promise<Found> {
  const [a, b, c] = holders as [Account, Account, Account];
  return warmed(async (id) => {
    const passes = (from: Account, to: Account, amount: bigint) =>
      token.does(from, 'safeTransferFrom', from.address, to.address, id, amount, '0x');
    const mint = gasOf(await token.does(owner, 'mint', a.address, id, FACE));
    const part = gasOf(await passes(a, b, PART));
    await passes(a, c, PART);
    return {
      mint,
      'part to a new holder': part,
      'whole to an existing holder': gasOf(await passes(b, c, PART)),
    };
  });
}

async function solv({ chain, owner, holders }: Cast): Promise<Found> {
  const [a, b] = holders as [Account, Account];
  const { ERC3525Mintable } = compiled('@solvprotocol/erc-3525/ERC3525Mintable.sol', [
    '@solvprotocol/erc-3525/node_modules',
  ]);
  const token = await chain.deploy(owner, ERC3525Mintable!, 'Paper', 'P', 2);
  const [passPart, passWhole] = [
    'transferFrom(uint256,address,uint256)',
    'transferFrom(address,address,uint256)',
  ] as const;
  return warmed(async (slot) => {
    const id = slot * 1_000n;
    await token.does(owner, 'mint', b.address, id + 1n, slot, FACE);
    return {
      mint: gasOf(await token.does(owner, 'mint', a.address, id, slot, FACE)),
      'part to a new holder': gasOf(await token.does(a, passPart, id, b.address, PART)),
      'whole to an existing holder': gasOf(await token.does(a, passWhole, a.address, b.address, id)),
    };
  });
}

/** Beneficiary and holder in one hand, which both pass on. */
async function tradeTrust({ chain, owner, holders }: Cast): Promise<Found> {
  const [a, b] = holders as [Account, Account];
  const artifact = (name: string) => shipped('@tradetrust-tt/token-registry', `dist/artifacts/${name}`);
  const factory = await chain.deploy(owner, artifact('TitleEscrowFactory'));
  const token = await chain.deploy(owner, artifact('TradeTrustToken'), 'Paper', 'P', factory.address);
  return warmed(async (id) => {
    const mint = await token.does(owner, 'mint', a.address, a.address, id, '0x');
    const address = String(await factory.asks('getEscrowAddress', token.address, id));
    const escrow = chain.attach(address, artifact('TitleEscrow').abi);
    await escrow.does(a, 'transferOwners', b.address, b.address, '0x');
    return {
      mint: gasOf(mint),
      'whole to an existing holder': gasOf(
        await escrow.does(b, 'transferOwners', a.address, a.address, '0x'),
      ),
    };
  });
}

/** The two transactions of its own desk: initiate and take. */
async function trex(cast: Cast, cash: Deployed): Promise<Found> {
  const [a, b, c] = cast.holders as [Account, Account, Account];
  const fresh = ['d', 'e'].map(cast.chain.account);
  const { token, desk } = await openTrex(cast.chain, cast.owner, [...cast.holders, ...fresh]);
  for (const holder of [a, b, c]) {
    await token.does(cast.owner, 'mint', holder.address, FACE);
    await token.does(holder, 'approve', desk.address, FACE * 1_000n);
    await cash.does(cast.owner, 'mint', holder.address, FACE * 1_000n);
    await cash.does(holder, 'approve', desk.address, FACE * 1_000n);
  }
  let nonce = 0n;
  return warmed(async () => {
    const deal = [a.address, token.address, PART, b.address, cash.address, PART] as const;
    const id = await desk.asks('calculateTransferID', nonce++, ...deal);
    const receiver = fresh[Number(nonce) - 1]!;
    return {
      mint: gasOf(await token.does(cast.owner, 'mint', a.address, FACE)),
      'part to a new holder': gasOf(await token.does(a, 'transfer', receiver.address, PART)),
      'delivery versus payment': gasOf(
        await desk.does(a, 'initiateDVDTransfer', ...deal.slice(1)),
        await desk.does(b, 'takeDVDTransfer', id),
      ),
      'whole to an existing holder': gasOf(await token.does(receiver, 'transfer', c.address, PART)),
    };
  });
}

/** The nodes that RPC_URL names, before anything stands on them. */
import { isSameChain, lookAtNode, urlsOf, type Identity } from '#chain/nodes.ts';
import { reason, StartError, withoutPassword } from './config.ts';
import { rpc } from '../services/embedded/rpc.ts';

/**
 * The address of the first node that answers. Throws {@link StartError} if none does, or if those that answer are not of one
 * chain; those that do not are told to `say`.
 */
export async function firstNode(rpcUrl: string, say: (line: string) => void = () => {}): Promise<string> {
  const urls = urlsOf(rpcUrl);
  const [only] = urls;
  if (only !== undefined && urls.length === 1) {
    await checkNode(only);
    return only;
  }
  const seen = await Promise.all(
    urls.map((url) =>
      lookAtNode(url).then(
        (identity) => ({ url, identity }),
        (error: Error) => ({ url, why: reason(error.cause ?? error) }),
      ),
    ),
  );
  const answering = seen.filter((node) => 'identity' in node);
  const [first, ...others] = answering;
  const away = seen.filter((node) => 'why' in node);
  if (first === undefined)
    throw new StartError(
      `RPC_URL: ${away.map(({ url, why }) => `${withoutPassword(url)}: ${why}`).join('; ')}`,
    );
  const other = others.find(({ identity }) => !isSameChain(identity, first.identity));
  if (other !== undefined)
    throw new StartError(`RPC_URL names nodes of two chains: ${named(first)}, ${named(other)}`);
  for (const { url, why } of away)
    say(`RPC_URL ${withoutPassword(url)}: ${why}; it is left out until it answers`);
  return first.url;
}

const named = ({ url, identity: { chainId, genesisHash } }: { url: string; identity: Identity }): string =>
  `${withoutPassword(url)} is of chain ${chainId} with the first block ${genesisHash.slice(0, 10)}…`;

async function checkNode(url: string): Promise<void> {
  try {
    const id = await rpc<string>(url, 'eth_chainId');
    if (!/^0x[0-9a-f]+$/.test(id)) throw new Error('this is not a chain');
  } catch (error) {
    const text =
      error instanceof SyntaxError || error instanceof TypeError ? notAChain(error) : reason(error);
    throw new StartError(`RPC_URL ${withoutPassword(url)}: ${text}`, { cause: error });
  }
}

function notAChain(error: Error): string {
  return error.message === 'fetch failed' ? reason(error) : 'what answers there is not a chain';
}

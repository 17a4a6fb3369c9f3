/** A decision of governance on its way among those who sign it: the file that `npm run govern` writes and takes back. */
import { instructionDigest } from '#client/instructions/index.ts';
import { ApiProblem } from '#web/api/problem.ts';
import { m } from '#web/paraglide/messages.js';

type Message = {
  calls: { target: string; data: string }[];
  nonce: string | number;
  validUntil: string | number;
};
export type Proposal = {
  readonly stage: 'announce' | 'perform' | 'stop';
  readonly decision: readonly string[];
  readonly typedData: {
    readonly domain: { readonly chainId: string | number; readonly verifyingContract: string };
    readonly message: Message;
  };
  readonly digest: string;
  readonly signatures: Readonly<Record<string, string>>;
};

/** Throws INSTRUCTION_ALTERED for a file whose digest is not that of what it shows, or that is none. */
export function readProposal(text: string): Proposal {
  const refuse = (): never => {
    throw new ApiProblem(409, { code: 'INSTRUCTION_ALTERED', detail: m.govern_altered() });
  };
  try {
    const file = JSON.parse(text) as Proposal;
    const { domain, message } = file.typedData;
    const digest = instructionDigest(Number(domain.chainId), domain.verifyingContract, {
      calls: message.calls,
      nonce: BigInt(message.nonce),
      validUntil: Number(message.validUntil),
    });
    const isWhole = file.decision.every((word) => typeof word === 'string') && typeof file.stage === 'string';
    return isWhole && digest === file.digest ? file : refuse();
  } catch {
    return refuse();
  }
}

/** The same file with one signature more. @param name Of the signer, as the settings name it. */
export const signedProposal = (file: Proposal, name: string, signature: string): string =>
  `${JSON.stringify({ ...file, signatures: { ...file.signatures, [name]: signature } }, null, 2)}\n`;

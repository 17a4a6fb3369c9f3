/** The command `npm run govern`. */
import { existsSync, readFileSync } from 'node:fs';
import { BaseWallet, computeAddress, JsonRpcProvider, NonceManager, SigningKey } from 'ethers';
import { contractsOf, orgAccountAt } from '#chain/contracts.ts';
import { readDeployment, type Deployment } from '#chain/deployment.ts';
import { refusalOf, revertDataOf } from '#chain/errors.ts';
import { nameOfSigner } from '#chain/governance.ts';
import { normalised } from '#chain/signature-forms.ts';
import { encodeSignature, partsOfSigner } from '#chain/typed-data.ts';
import { formatInstant } from '#domain/dates.ts';
import { reason, StartError, type Config } from '../config.ts';
import { checkChain, deploymentFile, readOrExplain } from '../deployment.ts';
import { writeFileAtomically } from '../../services/embedded/processes.ts';
import { chainKey } from '../keys.ts';
import { decisionOf, operationId, STAGES, type Decision, type Stage } from './decisions.ts';
import { propose, readProposal, type Proposal, type ProposalFile } from './proposal.ts';

const USAGE = `usage: npm run govern -- announce|perform|stop FILE DECISION
       npm run govern -- read FILE
       npm run govern -- sign FILE KEYFILE
       npm run govern -- send FILE`;

type Governing = { readonly deployment: Deployment; readonly provider: JsonRpcProvider };

/** Does what the command line says; returns what is to be printed. Throws {@link StartError}. */
export async function govern(config: Config, rpcUrl: string, words: readonly string[]): Promise<string> {
  const [verb = '', file, ...more] = words;
  if (file === undefined) throw new StartError(USAGE);
  const recorded = deploymentFile(config);
  if (!existsSync(recorded)) throw new StartError(`${recorded} is missing: npm run deploy makes it`);
  const deployment = readOrExplain(() => readDeployment(recorded));
  await checkChain(deployment, rpcUrl, recorded);
  if (deployment.hands.admin === deployment.operator)
    throw new StartError('one key holds all power over these contracts: they were deployed by DEMO=on');
  const provider = new JsonRpcProvider(rpcUrl, undefined, {
    cacheTimeout: -1,
    pollingInterval: 250,
    batchStallTime: 0,
  });
  const governing = { deployment, provider };
  try {
    if (STAGES.includes(verb as Stage)) return await write(governing, file, verb as Stage, more);
    if (verb === 'read' && more.length === 0) return await read(governing, file);
    if (verb === 'sign' && more.length === 1) return await sign(governing, file, more[0]!);
    if (verb === 'send' && more.length === 0) {
      const payer = new BaseWallet((await chainKey(config, 'deployer')) as SigningKey, provider);
      return await send(governing, file, payer);
    }
    throw new StartError(USAGE);
  } finally {
    provider.destroy();
  }
}

async function write(
  governing: Governing,
  path: string,
  stage: Stage,
  words: readonly string[],
): Promise<string> {
  const { deployment, provider } = governing;
  if (existsSync(path)) throw new StartError(`${path} exists already`);
  const turn = await turnOf(governing, decisionOf(deployment, words), stage);
  const { timestamp } = (await provider.getBlock('latest'))!;
  save(path, propose(deployment, stage, words, turn, timestamp));
  return `${await read(governing, path)}\nwritten to ${path}, to be signed`;
}

/** Equal decisions of ADMIN are numbered, since its timelock takes each only once: the first that is still open, or the next. */
async function turnOf(
  { deployment, provider }: Governing,
  { by, call, sentence }: Decision,
  stage: Stage,
): Promise<number> {
  if (by === 'desks') return 0;
  const { timelock } = contractsOf(deployment, provider);
  for (let turn = 0; ; turn++) {
    const id = operationId(call, turn);
    if (await timelock.isOperationDone(id)) continue;
    const isAnnounced = await timelock.isOperation(id);
    if (isAnnounced !== (stage === 'announce')) return turn;
    throw new StartError(`"${sentence}" is ${isAnnounced ? 'announced already' : 'not announced'}`);
  }
}

async function read(governing: Governing, path: string): Promise<string> {
  const [proposal, file] = readProposal(governing.deployment, path);
  const { signers, threshold } = await signersOf(governing, proposal);
  const { stage, decision, instruction, digest } = proposal;
  const does = {
    announce: 'announces that',
    perform: 'makes it so that',
    stop: 'stops the announcement that',
  };
  const who = stage === 'stop' ? 'GUARDIAN' : decision.by.toUpperCase();
  return [
    `${who} (${instruction.account}) ${does[stage]} ${decision.sentence}.`,
    `digest ${digest}, to be sent before ${formatInstant(instruction.validUntil)} (Asia/Shanghai)`,
    `${threshold} of ${signers.length} sign:`,
    ...signers.map(({ name }) => `  ${name}${signatureOf(file, name) === undefined ? '' : ', signed'}`),
  ].join('\n');
}

type Signer = { readonly name: string; readonly bytes: string };

/** Who may sign for the account: `name` as the settings write them. */
async function signersOf(
  { deployment, provider }: Governing,
  { instruction }: Proposal,
): Promise<{ signers: Signer[]; threshold: bigint }> {
  const account = orgAccountAt(instruction.account, provider);
  const [policy] = await account.policy();
  return {
    threshold: policy.threshold,
    signers: policy.signers.map(({ key }) => ({ bytes: key, name: nameOfSigner(deployment.addresses, key) })),
  };
}

const signatureOf = ({ signatures }: ProposalFile, name: string): string | undefined =>
  Object.entries(signatures).find(([signer]) => signer.toLowerCase() === name.toLowerCase())?.[1];

async function sign(governing: Governing, path: string, keyFile: string): Promise<string> {
  const [proposal, file] = readProposal(governing.deployment, path);
  const key = keyIn(keyFile);
  const name = computeAddress(key).toLowerCase();
  const { signers } = await signersOf(governing, proposal);
  if (!signers.some((signer) => signer.name === name))
    throw new StartError(`${name} does not sign for ${proposal.instruction.account}`);
  save(path, {
    ...file,
    signatures: { ...file.signatures, [name]: key.sign(proposal.digest).serialized },
  });
  return read(governing, path);
}

function keyIn(path: string): SigningKey {
  try {
    return new SigningKey(readFileSync(path, 'utf8').trim());
  } catch (error) {
    throw new StartError(`${path} holds no private key: ${reason(error)}`);
  }
}

async function send(governing: Governing, path: string, payer: BaseWallet): Promise<string> {
  const [proposal, file] = readProposal(governing.deployment, path);
  const { signers, threshold } = await signersOf(governing, proposal);
  const signed = signers.flatMap(({ name, bytes }) => {
    const signature = signatureOf(file, name);
    const kind = partsOfSigner(governing.deployment.addresses, bytes)?.type ?? 'ecdsa';
    return signature === undefined ? [] : [{ signer: bytes, signature: normalised(kind, signature) }];
  });
  if (BigInt(signed.length) < threshold)
    throw new StartError(`${signed.length} of ${threshold} signatures: not sent`);
  const { account, calls, nonce, validUntil } = proposal.instruction;
  const org = orgAccountAt(account, new NonceManager(payer));
  try {
    const sent = await org.execute([...calls], nonce, validUntil, encodeSignature(signed));
    const receipt = await sent.wait();
    return `sent: transaction ${receipt!.hash}`;
  } catch (error) {
    const data = revertDataOf(error);
    const why = data === undefined ? reason(error) : refusalOf(data).error;
    throw new StartError(`the chain refuses it: ${why}`, { cause: error });
  }
}

const save = (path: string, file: ProposalFile): void =>
  writeFileAtomically(path, `${JSON.stringify(file, null, 2)}\n`);

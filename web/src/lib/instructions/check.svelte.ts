/** An instruction that somebody else prepared: read again here, then signed or refused. */
import type { Decision } from '#client/instructions/index.ts';
import { inputOf } from '#domain/accounts/input.ts';
import { api } from '#web/api/client.ts';
import { asProblem, ApiProblem } from '#web/api/problem.ts';
import type { InstructionSheet } from '#web/api/schema.ts';
import { Query } from '#web/state/query.svelte.ts';
import { session } from '#web/state/session.svelte.ts';
import type { Asked } from './sign.ts';

type Parts = Pick<InstructionSheet, 'isBatch' | 'asked' | 'decision' | 'prepared'>;

const changesPolicy = ({ asked, decision }: Pick<InstructionSheet, 'asked' | 'decision'>): boolean =>
  asked?.type === 'openBranch' || decision?.type === 'giveSignature';

export async function askedOf({ isBatch, prepared, asked, decision }: Parts): Promise<Asked> {
  if (isBatch) return { batch: true, prepared };
  const before = changesPolicy({ asked, decision }) ? { before: inputOf(await api.policy()) } : {};
  if (asked !== undefined) return { instruction: asked, prepared, ...before };
  return { decision: { ...decision, ...before } as unknown as Decision, prepared };
}

function here() {
  const { party: member, status } = session;
  if (member === null || status === undefined) throw new ApiProblem(401, { code: 'UNAUTHENTICATED' });
  return { member, status };
}

/** Throws INSTRUCTION_ALTERED where the sentence is not what the calls do. */
export async function requireTrue(sheet: InstructionSheet): Promise<void> {
  const { toSignOf } = await import('./sign.ts');
  const { member, status } = here();
  toSignOf(await askedOf(sheet), member, status);
}

/** Signs it, over a digest that is made here of the calls. */
export async function signSheet(sheet: InstructionSheet): Promise<void> {
  const [{ signAsked }, { ownKeys }] = await Promise.all([import('./sign.ts'), import('./keys.ts')]);
  const { member, status } = here();
  const signature = await signAsked(await askedOf(sheet), member, status, await ownKeys());
  const { id } = sheet.prepared;
  await api.submit(id, [signature], `submit-${id}-${signature.signature.slice(2, 34)}`);
}

export class CheckState {
  readonly id: string;
  readonly sheet: Query<InstructionSheet>;
  busy = $state(false);
  problem = $state.raw<ApiProblem>();
  reason = $state('');
  comment = $state('');
  isRefusing = $state(false);

  constructor(id: string) {
    this.id = id;
    this.sheet = new Query(
      async (signal) => {
        const sheet = await api.instructionSheet(id, signal);
        // What is compared with the policy before can be told of what is still to be signed alone.
        if (sheet.prepared.state === 'prepared' || !changesPolicy(sheet)) await requireTrue(sheet);
        return sheet;
      },
      { keep: true },
    );
  }

  get isOpen(): boolean {
    return this.sheet.value?.prepared.state === 'prepared';
  }

  get maySign(): boolean {
    return this.isOpen && session.may('sign') && this.sheet.value?.signing.waitsForYou === true;
  }

  get mayRefuse(): boolean {
    return this.isOpen && session.may('sign');
  }

  get mayWithdraw(): boolean {
    const maker = this.sheet.value?.preparedBy?.id;
    return (
      this.isOpen && (session.may('administer') || (maker !== undefined && maker === session.person?.id))
    );
  }

  get mayStartOver(): boolean {
    const { value } = this.sheet;
    const states = ['failed', 'refused', 'withdrawn', 'expired'];
    return session.may('prepare') && value?.isBatch === false && states.includes(value.prepared.state);
  }

  sign = () => this.#run(() => signSheet(this.sheet.value!));

  refuse = () =>
    this.#run(async () => {
      await api.refuseInstruction(this.id, this.reason.trim());
      this.isRefusing = false;
    });

  withdraw = () => this.#run(() => api.withdrawInstruction(this.id));

  say = () =>
    this.#run(async () => {
      await api.addInstructionComment(this.id, this.comment.trim());
      this.comment = '';
    });

  async #run(act: () => Promise<unknown>): Promise<void> {
    this.busy = true;
    this.problem = undefined;
    try {
      await act();
    } catch (error) {
      this.problem = asProblem(error);
    } finally {
      this.busy = false;
      await this.sheet.refresh();
    }
  }
}

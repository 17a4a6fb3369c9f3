import { api, type InstructionInput } from '#web/api/client.ts';
import { asProblem, ApiProblem } from '#web/api/problem.ts';
import type {
  Instruction,
  InstructionState,
  Makes,
  PreparedInstruction,
  Signing,
  Text,
} from '#web/api/schema.ts';
import { m } from '#web/paraglide/messages.js';
import type { Asked } from '#web/instructions/sign.ts';
import { titleOf } from '#web/instructions/words.ts';
import type { Fact } from '#web/ui/facts.ts';
import { session } from '../state/session.svelte.ts';
import { toasts } from '../state/toasts.svelte.ts';
import { isOver, underWay } from './under-way.svelte.ts';

/** What is to be signed: an act for the chain, or a quote (which has no calls and is done when it is handed in). */
export type ToSign = {
  id: string;
  meaning: Text;
  digest: string;
  typedData: unknown;
  account: string;
  signers: PreparedInstruction['signers'];
  beyondLimits?: PreparedInstruction['beyondLimits'];
  /** What this page asked for; undefined for what it only follows. */
  asked?: Asked;
  validUntil?: string;
  calls?: PreparedInstruction['calls'];
  nonce?: string;
  makes?: Makes;
};

export type Part = {
  toSign: ToSign;
  state: InstructionState;
  problem: ApiProblem | undefined;
  /** Who has signed and who is missing, once something was handed in. */
  signing?: Signing;
};

/** How an act is shown while it is confirmed and followed. */
export type FlowView = {
  title: string;
  /** Amounts and effects beside the sentence. */
  facts?: Fact[];
  warning?: string | undefined;
  /** Parcels and bills that are not final while the act runs. */
  touches?: string[];
  /** Where to go when it is done. */
  link?: (makes: Makes | undefined) => string;
  /** Hands in the signatures of something that is not an act for the chain. */
  handIn?: (
    id: string,
    signatures: { signer: string; signature: string }[],
    key: string,
  ) => Promise<{ signing?: Signing } | undefined>;
  /** Where colleagues check something that is not an act for the chain. */
  checkedAt?: string;
  /** How far the signatures of something that is not an act for the chain are. */
  readSigning?: (id: string) => Promise<Signing>;
  /** Gives up something that is not an act for the chain. */
  giveUp?: (id: string) => Promise<unknown>;
  ondone?: () => void;
};

const WAIT_SECONDS = 25;
const RETRY_MS = 2_000;
const SETTLE_MS = 1_000;
const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

const isSignedBy = ({ missing }: Signing): boolean => missing.weight === 0 && missing.levels.length === 0;
/** The same signature is handed in once, however often it is sent. */
const keyOf = (id: string, [first]: { signature: string }[]): string =>
  `submit-${id}-${first!.signature.slice(2, 34)}`;

/** One confirmation: a single act, or the batches of an import one after the other. */
export class Flow {
  readonly view: FlowView;
  parts = $state<Part[]>([]);
  started = $state(false);
  signing = $state(false);
  /** Why signing or handing in did not work; it can be tried again. */
  problem = $state.raw<ApiProblem>();

  constructor(toSign: readonly ToSign[], view: FlowView, state: InstructionState = 'prepared') {
    this.view = view;
    this.parts = toSign.map((each) => ({ toSign: each, state, problem: undefined }));
    this.started = state !== 'prepared';
  }

  /** Signed here or handed on, and others of the firm have to sign it. */
  get isWaiting(): boolean {
    return this.parts.some((part) => part.signing !== undefined && !isSignedBy(part.signing));
  }

  get isSignedHere(): boolean {
    return this.parts.some((part) => (part.signing?.signatures.length ?? 0) > 0);
  }

  get done(): number {
    return this.parts.filter((part) => part.state === 'done').length;
  }

  get isOver(): boolean {
    return this.parts.every((part) => isOver(part.state));
  }

  get failure(): ApiProblem | undefined {
    return this.parts.find((part) => part.problem !== undefined)?.problem;
  }

  get isRunning(): boolean {
    return this.started && !this.isOver;
  }

  get link(): string | undefined {
    return this.view.link?.(this.parts[0]?.toSign.makes);
  }

  /** Signs every part in the browser and hands it in. Parts that are in already are left alone: it may be called again. */
  async sign(): Promise<void> {
    this.signing = true;
    this.problem = undefined;
    try {
      const { party: member, status } = session;
      if (member === null || status === undefined) throw new ApiProblem(401, { code: 'UNAUTHENTICATED' });
      const [{ signAsked }, { ownKeys }] = await Promise.all([
        import('#web/instructions/sign.ts'),
        import('#web/instructions/keys.ts'),
      ]);
      const keys = await ownKeys();
      for (const part of this.parts.filter((each) => each.state === 'prepared' && !each.signing)) {
        const { id, asked } = part.toSign;
        if (asked === undefined) throw new ApiProblem(409, { code: 'INSTRUCTION_ALTERED' });
        await this.#handIn(part, id, [await signAsked(asked, member, status, keys)]);
        this.started = true;
      }
    } catch (error) {
      this.problem = asProblem(error);
    } finally {
      this.signing = false;
    }
  }

  async #handIn(part: Part, id: string, signatures: { signer: string; signature: string }[]): Promise<void> {
    if (this.view.handIn !== undefined) {
      const answer = await this.view.handIn(id, signatures, keyOf(id, signatures));
      const { signing } = answer ?? {};
      if (signing !== undefined && !isSignedBy(signing)) {
        part.signing = signing;
        flows.waits(this);
        return;
      }
      part.state = 'done';
      flows.ended(this);
      return;
    }
    const handIn = () => api.submit(id, signatures, keyOf(id, signatures));
    const act = await handIn().catch(async (error: unknown) => {
      if (!(error instanceof ApiProblem) || error.code !== 'SIGN_IN_AGAIN') throw error;
      await session.fresh();
      return handIn();
    });
    part.state = act.state;
    if (act.signing !== undefined) part.signing = act.signing;
    if (act.state === 'prepared') {
      flows.waits(this);
      return;
    }
    void this.follow(part);
  }

  /** Until the read model has it. A lost connection only delays the news. */
  async follow(part: Part): Promise<void> {
    while (!isOver(part.state)) {
      try {
        this.take(part, await api.instruction(part.toSign.id, WAIT_SECONDS));
      } catch (error) {
        if (asProblem(error).status === 401) return;
        await pause(RETRY_MS);
      }
    }
    if (this.isOver) flows.ended(this);
  }

  take(part: Part, act: Pick<Instruction, 'state'> & Partial<Instruction>): void {
    part.state = act.state;
    if (act.makes) part.toSign.makes = act.makes;
    if (act.state === 'failed') {
      const detail = act.detail ? { text: act.detail } : {};
      part.problem = new ApiProblem(409, { code: act.code ?? 'INTERNAL', ...detail });
    }
  }
}

/** What a confirmation shows; without a title, that of the instruction. */
export type SheetView = Omit<FlowView, 'title'> & { title?: string };

/** Has instructions prepared, opens their confirmation, signs and follows them. */
export const flows = {
  /** Has an instruction prepared and opens its confirmation; throws the problem that the rehearsal met. */
  async begin(instruction: InstructionInput, view: SheetView = {}): Promise<void> {
    flows.confirm([await api.prepare(instruction)], { title: titleOf(instruction.type), ...view });
  },

  confirm(toSign: readonly ToSign[], view: FlowView): Flow {
    return (underWay.open = new Flow(toSign, view));
  },

  async sign(flow: Flow): Promise<void> {
    underWay.add(flow);
    await flow.sign();
    if (!flow.started) underWay.remove(flow);
  },

  /** Follows what was handed in without a confirmation, or before the page was loaded. */
  follow(act: Instruction, view: FlowView): void {
    const { id, meaning, makes } = act;
    if (underWay.partOf(id) !== undefined) return;
    const toSign = { id, meaning, makes, digest: '', typedData: undefined, account: '', signers: [] };
    const flow = new Flow([toSign], view, act.state);
    underWay.add(flow);
    void flow.follow(flow.parts[0]!);
  },

  /** Others have to sign it: it is found again in the activity. */
  waits(flow: Flow): void {
    if (flow.parts.every((part) => part.signing !== undefined)) underWay.remove(flow);
    flow.view.ondone?.();
  },

  /** What it touched stays marked until the pages have read what came of it. */
  ended(flow: Flow): void {
    setTimeout(() => underWay.remove(flow), SETTLE_MS);
    flow.view.ondone?.();
    if (underWay.open === flow) return;
    const { failure, link } = flow;
    if (failure)
      toasts.show({
        tone: 'bad',
        text: `${flow.view.title}: ${failure.title}`,
        href: '/activity',
        link: m.details(),
      });
    else
      toasts.show({
        tone: 'good',
        text: m.act_done({ title: flow.view.title }),
        ...(link ? { href: link, link: m.look() } : {}),
      });
  },
};

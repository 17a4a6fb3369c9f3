import { api } from '#web/api/client.ts';
import type { Member, Recovery, RecoveryAnswer } from '#web/api/schema.ts';
import { instant, text } from '#web/format.ts';
import { flows } from '#web/instructions/flow.svelte.ts';
import { titleOf } from '#web/instructions/words.ts';
import { doneOrToSign } from '#web/operator/decide.ts';
import { m } from '#web/paraglide/messages.js';
import { Query } from '#web/state/query.svelte.ts';
import { recoveries } from '#web/state/recoveries.svelte.ts';
import { session } from '#web/state/session.svelte.ts';
import { toasts } from '#web/state/toasts.svelte.ts';
import type { Fact } from '#web/ui/facts.ts';
import { Form } from '#web/ui/form.svelte.ts';

/** The account that is proposed: what both say, else what either says. */
const accountIn = ({ byHelper, byOperator }: Recovery): string =>
  (byHelper?.counts ? byHelper : (byOperator ?? byHelper))?.account ?? '';

/** What a recovery means to whoever looks, in one sentence. */
export function recoverySentence(recovery: Recovery): string {
  const { member, from, until } = recovery;
  const account = accountIn(recovery);
  const name = text(member.name);
  const isReady = from !== null && from.slice(0, 10) <= session.today;
  if (member.number === session.me) {
    if (from === null || until === null) return m.recovery_mine_proposed({ account });
    return isReady
      ? m.recovery_mine_ready({ account, until: instant(until) })
      : m.recovery_mine_runs({ account, from: instant(from) });
  }
  if (from !== null) return m.recovery_other_runs({ name, account, from: instant(from) });
  const counts = recovery.byHelper?.counts === true || recovery.byOperator?.counts === true;
  return counts ? m.recovery_other_proposed({ name, account }) : m.recovery_other_void({ name });
}

/** One of the firm's signers stops it, on whatever page it is: over a digest that this browser has made. */
export class StopForm extends Form {
  stop(): Promise<boolean> {
    return this.run(async () => {
      const { party, status } = session;
      if (party === null || status === undefined) return;
      const [{ stopRecoveryDigest }, { partyOf }, { ownKeys }, policy] = await Promise.all([
        import('#client/instructions/index.ts'),
        import('#web/instructions/sign.ts'),
        import('#web/instructions/keys.ts'),
        api.policy(),
      ]);
      const { pin, account } = partyOf(party, status, policy.account);
      // The account takes any unused one; nobody meets another's among so many.
      const nonce = crypto
        .getRandomValues(new BigUint64Array(3))
        .reduce((all, each) => (all << 64n) | each, 0n);
      const digest = stopRecoveryDigest(pin.chainId, account!, {
        bills: pin.contracts.bills!,
        member: party.number,
        nonce,
      });
      const signers = policy.signers.map(({ key: id, type }) => ({ id, type }));
      const act = await api.stopRecovery({
        nonce: String(nonce),
        ...(await (
          await ownKeys()
        )({ digest }, signers)),
      });
      flows.follow(act, { title: titleOf('stopRecovery'), ondone: () => void recoveries.query?.refresh() });
    });
  }
}

export type Doing = 'name' | 'propose' | 'operator';

/** A member's helper and its recovery, and what the looker may do about them. */
export class RecoveryState extends Form {
  readonly answer: Query<RecoveryAnswer>;
  readonly #member: () => Member;
  doing = $state.raw<Doing>();

  constructor(member: () => Member) {
    super();
    this.#member = member;
    this.answer = new Query((signal) => api.recovery(member().number, signal), { keep: true });
  }

  get isMine(): boolean {
    return session.me === this.#member().number;
  }

  get isHelper(): boolean {
    return session.me !== undefined && this.answer.value?.helper?.helper?.number === session.me;
  }

  get facts(): Fact[] {
    const { helper, recovery } = this.answer.value ?? { helper: null, recovery: null };
    const named = helper?.helper ? text(helper.helper.name) : m.recovery_helper_none();
    const from = helper?.nextFrom ? instant(helper.nextFrom) : '';
    const next = helper?.next
      ? m.recovery_helper_next({ name: text(helper.next.name), from })
      : m.recovery_helper_ends({ from });
    const proposal = (given: Recovery['byHelper']) =>
      given === null ? '–' : given.counts ? given.account : m.recovery_void({ account: given.account });
    return [
      ...(helper ? [{ label: m.recovery_helper(), value: named }] : []),
      ...(helper?.nextFrom ? [{ label: m.recovery_next_helper(), value: next }] : []),
      ...(recovery
        ? [
            { label: m.recovery_by_helper(), value: proposal(recovery.byHelper) },
            { label: m.recovery_by_operator(), value: proposal(recovery.byOperator) },
            {
              label: m.recovery_window(),
              value:
                recovery.from !== null && recovery.until !== null
                  ? `${instant(recovery.from)} – ${instant(recovery.until)}`
                  : m.recovery_no_window(),
            },
          ]
        : []),
    ];
  }

  endHelper(): Promise<boolean> {
    return this.run(() => flows.begin({ type: 'nameHelper' }, { warning: m.recovery_helper_warning() }));
  }

  withdraw(): Promise<boolean> {
    const { number } = this.#member();
    return this.run(() => flows.begin({ type: 'withdrawRecovery', member: number }));
  }

  withdrawAsOperator(): Promise<boolean> {
    const { number, name } = this.#member();
    return this.run(async () => {
      const answer = await api.withdrawRecovery(number);
      if (doneOrToSign(answer, { type: 'withdrawRecoveryAsOperator', member: number }) === undefined) return;
      toasts.show({ tone: 'good', text: m.recovery_withdrawn({ name: text(name) }) });
      await Promise.all([this.answer.refresh(), recoveries.query?.refresh()]);
    });
  }
}

/** Naming the member that helps. */
export class HelperForm extends Form {
  helper = $state.raw<Member>();

  get isReady(): boolean {
    return this.helper !== undefined;
  }

  prepare(): Promise<boolean> {
    const { helper } = this;
    if (helper === undefined) return Promise.resolve(false);
    return this.run(() =>
      flows.begin(
        { type: 'nameHelper', helper: helper.number },
        {
          facts: [{ label: m.recovery_helper(), value: text(helper.name), strong: true }],
          warning: m.recovery_helper_warning(),
        },
      ),
    );
  }
}

const ACCOUNT = /^0x[0-9a-fA-F]{40}$/;
const KEY = /^(webauthn:|p256:)?(0x)?[0-9a-fA-F]{128}$/;

/** The helper's half: the account that the firm itself has told. */
export class ProposalForm extends Form {
  account = $state('');
  readonly #member: Member;

  /** @param proposed What the operator proposes already; the firm itself has to say the same. */
  constructor(member: Member, proposed = '') {
    super();
    this.#member = member;
    this.account = proposed;
  }

  get isReady(): boolean {
    return ACCOUNT.test(this.account.trim());
  }

  get fault(): string | undefined {
    return this.account.trim() === '' || this.isReady ? undefined : m.recovery_keys_wrong();
  }

  prepare(): Promise<boolean> {
    const account = this.account.trim();
    const { number, name } = this.#member;
    return this.run(() =>
      flows.begin(
        { type: 'proposeRecovery', member: number, account },
        {
          facts: [
            { label: m.member(), value: text(name), strong: true },
            { label: m.recovery_account(), value: account, strong: true },
          ],
          warning: m.recovery_warning(),
        },
      ),
    );
  }
}

/** The operator's half: an account, or the public keys of which one is made. */
export class OperatorForm extends Form {
  keys = $state('');
  threshold = $state(1);
  reason = $state('');
  readonly #member: Member;

  constructor(member: Member) {
    super();
    this.#member = member;
  }

  get lines(): string[] {
    return this.keys
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '');
  }

  get isAccount(): boolean {
    return this.lines.length === 1 && ACCOUNT.test(this.lines[0]!);
  }

  get fault(): string | undefined {
    const isRight = this.lines.length === 0 || this.isAccount || this.lines.every((line) => KEY.test(line));
    return isRight ? undefined : m.recovery_keys_wrong();
  }

  get isReady(): boolean {
    const isReachable =
      this.isAccount ||
      (Number.isInteger(this.threshold) && this.threshold >= 1 && this.threshold <= this.lines.length);
    return this.lines.length > 0 && this.fault === undefined && isReachable && this.reason.trim() !== '';
  }

  send(): Promise<boolean> {
    const { number, name } = this.#member;
    return this.run(async () => {
      const reason = this.reason.trim();
      const signers = this.lines.map((line) => {
        const hex = line.slice(-128);
        const type = line.startsWith('webauthn:') ? ('webauthn' as const) : ('p256' as const);
        return { type, x: `0x${hex.slice(0, 64)}`, y: `0x${hex.slice(64)}` };
      });
      const asked = this.isAccount
        ? { account: this.lines[0]!, reason }
        : { signers, threshold: this.threshold, reason };
      await session.fresh();
      const answer = await api.proposeRecovery(number, asked);
      const decision = { type: 'proposeRecoveryAsOperator', member: number, ...asked } as const;
      if (doneOrToSign(answer, decision) === undefined) return;
      toasts.show({ tone: 'good', text: m.recovery_proposed({ name: text(name) }) });
      await recoveries.query?.refresh();
    });
  }
}

import { goto } from '$app/navigation';
import { api } from '#web/api/client.ts';
import { shown } from '#web/api/http.ts';
import type { Role } from '#domain/codes.ts';
import type { Right } from '#domain/people/rights.ts';
import { PLATFORM } from '#domain/instructions/platform.ts';
import type { Member, Session, Status, Text } from '#web/api/schema.ts';
import { ApiProblem } from '#web/api/problem.ts';
import type { SignerKey } from '#web/instructions/p256.ts';
import type { Looker } from '#web/shell/places.ts';
import { live } from './live.svelte.ts';

export type { SignerKey };

/** What is begun now should be through before the time is over (ms). */
const FRESH_MARGIN_MS = 60_000;

/** Who sits before the screen, and what day it is where the ledger is. */
class SessionState {
  current = $state.raw<Session>();
  status = $state.raw<Status>();
  #key: Promise<SignerKey> | undefined;
  /** All tabs share one session: what one changes the others hear here. */
  #tabs = new BroadcastChannel('tallystick session');

  constructor() {
    this.#tabs.onmessage = ({ data }: MessageEvent<string | undefined>) => {
      if (this.current !== undefined && data !== shown.member) this.changed();
    };
  }

  get member(): Member | null {
    return this.current?.member ?? null;
  }

  /** In whose name is signed here: the member's, or the platform's. */
  get party(): { readonly number: number; readonly name: Text } | null {
    return this.member ?? (this.isOperator ? { number: 0, name: PLATFORM } : null);
  }

  /** Who sits there; null for a visitor of the demonstration. */
  get person(): Session['person'] {
    return this.current?.person ?? null;
  }

  /** Where the person has a seat. */
  get seats(): Session['seats'] {
    return this.current?.seats ?? [];
  }

  /** Signed in, and on no seat. */
  get isSeatless(): boolean {
    return this.current !== undefined && this.member === null && !this.isOperator;
  }

  get looker(): Looker {
    const { member, isOperator, person } = this;
    return { roles: member?.roles ?? [], isOperator, isMember: member !== null, isPerson: person !== null };
  }

  may(right: Right): boolean {
    return this.current?.rights.includes(right) ?? false;
  }

  /** The member's number; undefined for the operator. */
  get me(): number | undefined {
    return this.member?.number;
  }

  get isOperator(): boolean {
    return this.current?.operator === true;
  }

  /** Today's legal date on the ledger's clock. */
  get today(): string {
    return this.status?.clock ?? '1970-01-01';
  }

  has(role: Role): boolean {
    return this.member?.roles.includes(role) ?? false;
  }

  /** Whether somebody is signed in. */
  async load(): Promise<boolean> {
    try {
      const [current, status] = await Promise.all([api.session(), api.status()]);
      this.current = current;
      this.status = status;
      shown.member = current.operator ? 'operator' : String(current.member?.number ?? 'person');
      live.open();
      return true;
    } catch (error) {
      if (error instanceof ApiProblem && error.status === 401) return false;
      throw error;
    }
  }

  async refreshStatus(): Promise<void> {
    this.status = await api.status();
  }

  async enter(who: { member: number } | { operator: true }): Promise<void> {
    await this.#forget();
    await api.enter(who);
    await this.load();
    this.#tabs.postMessage(shown.member);
  }

  async signIn(): Promise<void> {
    await this.#forget();
    const [{ usePasskey }, { options }] = await Promise.all([
      import('#web/people/passkey.ts'),
      api.beginSignIn(),
    ]);
    await api.finishSignIn(await usePasskey(options));
    await this.entered();
  }

  /** A session was opened, or is another now. */
  async entered(): Promise<void> {
    await this.#forget();
    await this.load();
    this.#tabs.postMessage(shown.member);
  }

  /** Goes on for another firm; null: for the platform. @param path Where to: home if left out. */
  async sit(member: number | null, path = '/'): Promise<void> {
    await api.chooseSeat(member);
    this.#tabs.postMessage(member === null ? 'operator' : String(member));
    this.changed(path);
  }

  /** Has the person show that it is still he, where he signed in too long ago for what comes. */
  async fresh(): Promise<void> {
    const { current } = this;
    if (current?.person == null || Date.parse(current.freshUntil) > Date.now() + FRESH_MARGIN_MS) return;
    const [{ usePasskey }, { options }] = await Promise.all([
      import('#web/people/passkey.ts'),
      api.beginSignIn(),
    ]);
    await api.finishSignIn(await usePasskey(options));
    await this.load();
  }

  async leave(): Promise<void> {
    await api.leave();
    await this.#forget();
    this.#tabs.postMessage(undefined);
  }

  /** Another tab has signed in as somebody else, or out: nothing that was read or begun here is this member's. */
  changed(path = '/'): void {
    location.assign(path);
  }

  /** The key that the demonstration made for the member, asked for when it is needed and kept in memory only. */
  key(): Promise<SignerKey> {
    this.#key ??= api.signer().catch((error: unknown) => {
      this.#key = undefined;
      throw error;
    });
    return this.#key;
  }

  /** The server does not know us any more: enter again, and come back here. */
  async lost(): Promise<void> {
    if (this.current === undefined) return;
    await this.#forget();
    await goto(`/enter?next=${encodeURIComponent(location.pathname + location.search)}`);
  }

  async #forget(): Promise<void> {
    live.close();
    this.#key = undefined;
    this.current = undefined;
    shown.member = undefined;
  }
}

export const session = new SessionState();

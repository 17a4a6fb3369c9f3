/** An empty platform to which its first person has come, and what people there do with their devices. */
import { randomUUID } from 'node:crypto';
import { challengeOf, encodeWebAuthn } from '#client/signers/webauthn.ts';
import type { PreparedInstruction } from '#client/generated/schema.ts';
import type { Pin } from '#client/instructions/index.ts';
import { makeFirstLink, makeLink } from '#db/people/links.ts';
import { operatorAccounts } from '#db/operator/enrolment.ts';
import type { Right } from '#domain/people/rights.ts';
import { prepareGround, until, type Ground } from '../../fixtures/ground.ts';
import { Visitor } from '../../fixtures/visitor.ts';

const soon = () => new Date(Date.now() + 3_600_000);
export const ALL_RIGHTS: readonly Right[] = ['see', 'prepare', 'sign', 'administer'];

export class Platform {
  readonly ground: Ground;
  readonly first: Visitor;
  readonly pin: Pin;
  readonly #relayer: { close(): Promise<void> };

  private constructor(ground: Ground, first: Visitor, pin: Pin, relayer: { close(): Promise<void> }) {
    this.ground = ground;
    this.first = first;
    this.pin = pin;
    this.#relayer = relayer;
  }

  static async open(): Promise<Platform> {
    const ground = await prepareGround(undefined, { demo: false });
    const relayer = await ground.relayer();
    const first = new Visitor(ground.apiUrl);
    await first.register('甲', `#${await makeFirstLink(ground.db, soon())}`);
    first.seat = 'operator';
    await until(async () => (await operatorAccounts(ground.db)).length === 1);
    const { chainId, contracts } = (await first.ask('GET', '/api/status')).body as Pin;
    return new Platform(ground, first, { chainId, contracts }, relayer);
  }

  async close(): Promise<void> {
    await this.#relayer.close();
    await this.ground.close();
  }

  /** @param member null: the platform. */
  async comeIn(member: number | null, rights: readonly Right[], name = '乙'): Promise<Visitor> {
    const visitor = new Visitor(this.ground.apiUrl);
    const offer = { purpose: 'seat', member, rights } as const;
    const { secret } = await makeLink(this.ground.db, { offer, madeBy: null, expiresAt: soon() });
    const { status } = await visitor.register(name, `#${secret}`);
    if (status !== 201) throw new Error(`${name} did not come in: ${status}`);
    visitor.seat = member === null ? 'operator' : String(member);
    return visitor;
  }

  /** An admission that names a device which nobody else has. */
  firm(name: string, more: object = {}) {
    const { x, y } = new Visitor(this.ground.apiUrl).key;
    return {
      name: { zh: name, en: name },
      roles: ['supplier'],
      signers: [{ type: 'webauthn', x, y }],
      ...more,
    } as const;
  }

  async prepared(path: string, body: object, by = this.first): Promise<PreparedInstruction> {
    const answer = await by.ask('POST', path, body);
    if (answer.status >= 300) throw new Error(JSON.stringify(answer.body));
    return answer.body as PreparedInstruction;
  }

  handIn(by: Visitor, { id, ...prepared }: PreparedInstruction, ...from: readonly Visitor[]) {
    const signers = from.length === 0 ? [by] : from;
    return by.ask(
      'POST',
      `/api/instructions/${id}/submit`,
      { signatures: signers.map((each) => signatureBy(each, prepared)) },
      { 'idempotency-key': randomUUID() },
    );
  }

  /** Signed by these, and over. */
  async perform(prepared: PreparedInstruction, ...by: readonly Visitor[]): Promise<{ state: string }> {
    const [first = this.first] = by;
    const { status, body } = await this.handIn(first, prepared, ...by);
    if (status !== 202) throw new Error(JSON.stringify(body));
    return this.end(prepared.id);
  }

  async end(id: string, by = this.first): Promise<{ state: string; meaning: { en: string } }> {
    return (await by.ask('GET', `/api/instructions/${id}?wait=30`)).body;
  }

  async members(): Promise<{ number: number; name: { zh: string }; suspended: boolean }[]> {
    const { body } = await this.first.ask('GET', '/api/operator/members');
    return (body as { items: [] }).items;
  }

  async numberOf(name: string): Promise<number> {
    return (await this.members()).find((each) => each.name.zh === name)!.number;
  }

  async idOf(visitor: Visitor): Promise<string> {
    const { body } = await visitor.ask('GET', '/api/session');
    return (body as { person: { id: string } }).person.id;
  }
}

export const pointOf = ({ key: { x, y } }: Visitor) => ({ x, y });

/** With this visitor's device, as the signer that it is there, or in the name of the first where it is none. */
export function signatureBy(
  { key }: Visitor,
  { digest, signers }: Pick<PreparedInstruction, 'digest' | 'signers'>,
) {
  const mine = signers.find(({ id }) => id.endsWith(key.x.slice(2) + key.y.slice(2)));
  const signature = encodeWebAuthn(key.get(challengeOf(digest)).response);
  return { signer: mine?.id ?? signers[0]!.id, signature };
}

/** The first person of a firm comes in by what the chain says of the firm's account, and by nobody's word. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Visitor } from '../../fixtures/visitor.ts';
import { ALL_RIGHTS, Platform, pointOf } from './support.ts';

describe('a person whose device a firm was admitted with', () => {
  let platform: Platform;
  let founder: Visitor;
  let number: number;
  const seats = async (visitor: Visitor) =>
    (
      (await visitor.signIn()).body as { seats: { member: { number: number } | null; rights: string[] }[] }
    ).seats.map(({ member, rights }) => [member?.number, rights] as const);
  const signersOf = (...visitors: Visitor[]) => ({
    signers: visitors.map((each) => ({ type: 'webauthn', ...pointOf(each) })),
  });
  beforeAll(async () => {
    platform = await Platform.open();
    founder = new Visitor(platform.ground.apiUrl);
    await founder.register('戊');
  });
  afterAll(() => platform?.close());

  it('has a seat there from its next sign-in on, with all rights', async () => {
    expect(await seats(founder)).toEqual([]);
    const second = new Visitor(platform.ground.apiUrl);
    await second.register('己');
    const asked = platform.firm('一号', signersOf(founder, second));
    await platform.perform(await platform.prepared('/api/operator/members', asked));
    number = await platform.numberOf('一号');
    expect(await seats(founder)).toEqual([[number, ALL_RIGHTS]]);
    expect(await seats(second)).toEqual([]); // the founder invites, who was first
  });

  it('has none by a public key that it has merely registered: anybody may have read that', async () => {
    const late = new Visitor(platform.ground.apiUrl);
    await platform.perform(
      await platform.prepared('/api/operator/members', platform.firm('零号', signersOf(late))),
    );
    expect((await late.register('壬')).body).toMatchObject({ seats: [] });
    expect(await seats(late)).toEqual([[await platform.numberOf('零号'), ALL_RIGHTS]]);
  });

  it('does not come back when its seat was taken away, nor with a device that it has revoked', async () => {
    const heir = await platform.comeIn(number, ALL_RIGHTS, '庚');
    const id = await platform.idOf(founder);
    expect((await heir.ask('DELETE', `/api/people/${id}`)).status).toBe(204);
    expect(await seats(founder)).toEqual([]);

    const other = new Visitor(platform.ground.apiUrl);
    await other.register('辛');
    await platform.ground.db
      .updateTable('app.passkey')
      .set({ revoked_at: new Date() })
      .where('x', '=', Buffer.from(other.key.x.slice(2), 'hex'))
      .execute();
    await platform.perform(
      await platform.prepared('/api/operator/members', platform.firm('二号', signersOf(other))),
    );
    const seated = await platform.ground.db
      .selectFrom('app.seat')
      .select('member')
      .where('member', '=', await platform.numberOf('二号'))
      .execute();
    expect(seated).toEqual([]);
  });
});

/** Mail: to whom, in which language, how often, and what happens when it is not taken. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { askForProof, proveEmail } from '#db/notices/email.ts';
import { LEASE_MS } from '#db/notices/outbox.ts';
import { setSwitches } from '#db/notices/preferences.ts';
import { tell } from '#db/notices/tell.ts';
import { takeSeat } from '#db/people/persons.ts';
import { MOST_AN_HOUR } from '#notifier/people.ts';
import { mailChannel } from '#notifier/channels/mail.ts';
import { headerOf, textOf } from './support/mailbox.ts';
import { FIRM, openStage, ORIGIN, type Stage } from './support/stage.ts';

const HOUR = 3_600_000;

describe('mail', () => {
  let stage: Stage;
  let firm = FIRM;
  beforeAll(async () => {
    stage = await openStage();
  });
  afterAll(() => stage?.close());
  beforeEach(() => {
    stage.mailbox.mails.length = 0;
    stage.mailbox.refused.clear();
    firm++; // each test has a firm of its own
  });

  const told = () => stage.happen(undefined, firm);
  const recipients = () => stage.mailbox.mails.map(({ to }) => to).sort();
  const deliveries = (person: string) =>
    stage.db
      .selectFrom('app.delivery')
      .select(['state', 'attempts', 'next_at', 'last_error', 'batch'])
      .where('person_id', '=', person)
      .orderBy('id')
      .execute();

  it('goes to those of the firm who may see it, in the language of each, without names or amounts', async () => {
    await stage.person('wang@example.com', { member: firm, language: 'zh' });
    await stage.person('smith@example.com', { member: firm });
    await stage.person('signer@example.com', { member: firm, rights: ['sign'] });
    await stage.person('elsewhere@example.com', { member: firm + 1_000 });
    await told();
    await stage.notifier().round();
    expect(recipients()).toEqual(['smith@example.com', 'wang@example.com']);
    const [smith, wang] = ['smith', 'wang'].map((name) =>
      stage.mailbox.mails.find(({ to }) => to.startsWith(name))!,
    );
    expect(headerOf(wang!, 'subject')).toBe('你的报价未成交');
    expect(headerOf(smith!, 'subject')).toBe('Your quote was not taken');
    expect(textOf(smith!)).toMatch(new RegExp(`${ORIGIN}/notices\\?open=[0-9a-f-]{36}`));
    expect(textOf(smith!)).not.toMatch(/1,?234|Member 9/);
    expect(headerOf(smith!, 'list-unsubscribe')).toBe(`<${ORIGIN}/preferences>`);
  });

  it('says names and amounts to who asked for them', async () => {
    const person = await stage.person('open@example.com', { member: firm });
    await stage.db.updateTable('app.person').set({ mail_details: true }).where('id', '=', person).execute();
    await told();
    await stage.notifier().round();
    expect(textOf(stage.mailbox.mails[0]!)).toMatch(/Member 9 sold ¥1,234\.56 of bill/);
  });

  it('is told once, whoever tells it how often, and sent once by two at a time', async () => {
    await stage.person('once@example.com', { member: firm });
    await stage.happen(77, firm);
    await stage.happen(77, firm);
    for (let n = 0; n < 5; n++) await told();
    await Promise.all([stage.notifier().round(), stage.notifier().round()]);
    await stage.notifier().round();
    expect(recipients()).toHaveLength(6);
    expect(new Set(stage.mailbox.mails.map((mail) => headerOf(mail, 'message-id'))).size).toBe(6);
  });

  it('does not go to an address that nobody confirmed; the request to confirm it does', async () => {
    const person = await stage.person('new@example.com', { member: firm, isVerified: false });
    await told();
    expect(await askForProof(stage.db, person, 'new@example.com', stage.clock.now)).toBe(true);
    await stage.notifier().round();
    expect(stage.mailbox.mails.map((mail) => headerOf(mail, 'subject'))).toEqual([
      'Confirm your e-mail address',
    ]);
    const secret = /verify#([\w-]{43})/.exec(textOf(stage.mailbox.mails[0]!))![1]!;
    expect(await proveEmail(stage.db, 'x'.repeat(43), stage.clock.now)).toBe(false);
    expect(await proveEmail(stage.db, secret, stage.clock.now)).toBe(true);
    expect(await proveEmail(stage.db, secret, stage.clock.now)).toBe(false);
    await told();
    await stage.notifier().round();
    expect(stage.mailbox.mails).toHaveLength(2);
  });

  it('does not let anybody have a stranger sent mail after mail', async () => {
    const person = await stage.person('victim@example.com', { member: firm, isVerified: false });
    const asked: boolean[] = [];
    for (let n = 0; n < 7; n++)
      asked.push(await askForProof(stage.db, person, 'victim@example.com', stage.clock.now));
    expect(asked.filter(Boolean)).toHaveLength(5);
  });

  it('does not prove an address that was changed meanwhile, nor one whose time is over', async () => {
    const person = await stage.person('first@example.com', { member: firm, isVerified: false });
    await askForProof(stage.db, person, 'first@example.com', stage.clock.now);
    await stage.notifier().round();
    const secret = /verify#([\w-]{43})/.exec(textOf(stage.mailbox.mails[0]!))![1]!;
    await stage.db
      .updateTable('app.person')
      .set({ email: 'second@example.com' })
      .where('id', '=', person)
      .execute();
    expect(await proveEmail(stage.db, secret, stage.clock.now)).toBe(false);
    await askForProof(stage.db, person, 'second@example.com', stage.clock.now);
    await stage.notifier().round();
    const next = /verify#([\w-]{43})/.exec(textOf(stage.mailbox.mails[1]!))![1]!;
    stage.later(25 * HOUR);
    expect(await proveEmail(stage.db, next, stage.clock.now)).toBe(false);
  });

  it('respects what a person switched off, but for its own safety', async () => {
    const person = await stage.person('quiet@example.com', { member: firm });
    await setSwitches(stage.db, person, firm, [
      { group: 'financing', channel: 'mail', isOn: false },
      { group: 'security', channel: 'mail', isOn: false },
    ]);
    await told();
    await tell(stage.db, {
      kind: 'device_added',
      key: `device_added:${person}`,
      to: { person },
      facts: { device: 'phone' },
    });
    await stage.notifier().round();
    expect(stage.mailbox.mails.map((mail) => headerOf(mail, 'subject'))).toEqual([
      'A device was added to you',
    ]);
  });

  it('is dropped for who has lost the seat or changed the address before it was sent', async () => {
    const left = await stage.person('left@example.com', { member: firm });
    const moved = await stage.person('moved@example.com', { member: firm });
    await told();
    await stage.notifier().dispatch();
    await takeSeat(stage.db, left, firm);
    await stage.db
      .updateTable('app.person')
      .set({ email: 'other@example.com' })
      .where('id', '=', moved)
      .execute();
    await stage.notifier().round();
    expect(recipients()).toEqual([]);
    expect((await deliveries(left)).map(({ state }) => state)).toEqual(['dropped']);
    expect((await deliveries(moved)).map(({ state }) => state)).toEqual(['dropped']);
  });

  it('comes one by one up to a bound, then together when the hour is over; safety does not wait', async () => {
    const person = await stage.person('busy@example.com', { member: firm });
    const notifier = stage.notifier();
    for (let n = 0; n < MOST_AN_HOUR; n++) {
      await told();
      await notifier.round();
    }
    expect(stage.mailbox.mails).toHaveLength(MOST_AN_HOUR);
    for (let n = 0; n < 3; n++) await told();
    await tell(stage.db, {
      kind: 'device_added',
      key: `busy:${person}`,
      to: { person },
      facts: { device: 'x' },
    });
    await notifier.round();
    expect(stage.mailbox.mails).toHaveLength(MOST_AN_HOUR + 1);
    stage.later(HOUR + 2_000);
    await notifier.round();
    expect(stage.mailbox.mails).toHaveLength(MOST_AN_HOUR + 4);
    // A flood within one look goes in one mail.
    for (let n = 0; n < 20; n++) await told();
    await notifier.round();
    expect(stage.mailbox.mails).toHaveLength(MOST_AN_HOUR + 5);
    expect(headerOf(stage.mailbox.mails.at(-1)!, 'subject')).toBe('20 notices');
  });

  it('is sent again under the same id after a crash between commit and sending', async () => {
    const person = await stage.person('crash@example.com', { member: firm });
    await told();
    const ids: string[] = [];
    const died = stage.notifier({
      channels: [
        {
          ...mailChannel({ smtpUrl: stage.mailbox.url, from: 'notices@example.com' }),
          // It reaches the server, and the process is gone before it can say so.
          send: ({ id }) => {
            ids.push(id);
            return new Promise<void>(() => {});
          },
        },
      ],
    });
    void died.round();
    while (ids.length === 0) await new Promise((settle) => setTimeout(settle, 5));
    await stage.notifier().round();
    expect(stage.mailbox.mails).toHaveLength(0); // somebody else may be sending it still
    stage.later(LEASE_MS);
    await stage.notifier().round();
    expect(headerOf(stage.mailbox.mails[0]!, 'message-id')).toBe(`<${ids[0]}@example.com>`);
    expect(await deliveries(person)).toMatchObject([{ state: 'sent', attempts: 2 }]);
  });

  it('waits longer after each failure, gives up where it is refused for good, and lets others through', async () => {
    const poor = await stage.person('poor@example.com', { member: firm });
    const dead = await stage.person('dead@example.com', { member: firm });
    await stage.person('well@example.com', { member: firm });
    stage.mailbox.refused.set('poor@example.com', 450).set('dead@example.com', 550);
    await told();
    const notifier = stage.notifier();
    await notifier.round();
    expect(recipients()).toEqual(['well@example.com']);
    expect(await deliveries(dead)).toMatchObject([{ state: 'failed', attempts: 1 }]);
    const pauses: number[] = [];
    for (let n = 0; n < 3; n++) {
      const [waiting] = await deliveries(poor);
      const pause = waiting!.next_at.getTime() - stage.clock.now.getTime();
      pauses.push(pause);
      stage.later(pause);
      await notifier.round();
    }
    expect(pauses).toEqual([5_000, 60_000, 300_000]);
    stage.mailbox.refused.clear();
    stage.later(HOUR);
    await notifier.round();
    expect(recipients()).toEqual(['poor@example.com', 'well@example.com']);
  });
});

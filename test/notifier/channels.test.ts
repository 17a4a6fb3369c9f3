/** Another way to people: the example of services/notifier/channels/README.md, against a gateway. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { setSwitches } from '#db/notices/preferences.ts';
import { Undeliverable, type PersonChannel } from '#notifier/channels/channel.ts';
import { FIRM, openStage, type Stage } from './support/stage.ts';

const smsThrough = (
  gateway: URL,
  token: string,
  phoneOf: (person: string) => string | undefined,
): PersonChannel => ({
  name: 'sms',
  addressOf: ({ id }) => phoneOf(id),
  send: async ({ id, address, subject, items }) => {
    const answer = await fetch(gateway, {
      method: 'POST',
      redirect: 'error',
      signal: AbortSignal.timeout(10_000),
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'idempotency-key': id,
      },
      body: JSON.stringify({ to: address, text: `${subject} ${items[0]?.link ?? ''}` }),
    });
    if (answer.status >= 400 && answer.status < 500)
      throw new Undeliverable(`the gateway answers ${answer.status}`);
    if (!answer.ok) throw new Error(`the gateway answers ${answer.status}`);
  },
  close: async () => {},
});

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.close());

it('reaches who asked for it and has a number, with the id as its key of idempotency', async () => {
  const [wants, silent, unknown] = await Promise.all(
    ['a', 'b', 'c'].map((name) => stage.person(`${name}@example.com`)),
  );
  for (const person of [wants!, unknown!])
    await setSwitches(stage.db, person, FIRM, [{ group: 'financing', channel: 'sms', isOn: true }]);
  const phones = new Map([
    [wants!, '+8613800000001'],
    [silent!, '+8613800000002'],
  ]);
  const gateway = new URL(`${stage.receiver.url}/sms`);
  await stage.happen();
  await stage.notifier({ channels: [smsThrough(gateway, 'secret', (id) => phones.get(id))] }).round();
  expect(stage.receiver.received).toHaveLength(1);
  const [{ headers, body }] = stage.receiver.received as [(typeof stage.receiver.received)[0]];
  expect(JSON.parse(body)).toMatchObject({ to: '+8613800000001' });
  expect(headers['idempotency-key']).toMatch(/^[0-9a-f-]{36}$/);
});

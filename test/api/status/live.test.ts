import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { money } from '#client/money.ts';
import { openNetwork, type TestNetwork } from '../../fixtures/network.ts';
import { ask, tokenFor } from '../support/ask.ts';

type Event = { event: string; data: Record<string, unknown> };

/** Reads server-sent events until `isEnough`. */
async function listenUntil(
  url: string,
  token: string | undefined,
  act: () => Promise<unknown>,
  isEnough: (events: readonly Event[]) => boolean,
): Promise<Event[]> {
  const aborter = new AbortController();
  const response = await fetch(`${url}/api/events`, {
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    signal: aborter.signal,
  });
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  const events: Event[] = [];
  const acting = act();
  let text = '';
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const parts = text.split('\n\n');
    text = parts.pop()!;
    for (const part of parts) {
      const [, event, data] = /^event: (\w+)\ndata: (.*)$/.exec(part) ?? [];
      if (event !== undefined) events.push({ event, data: JSON.parse(data!) as Record<string, unknown> });
    }
    if (isEnough(events)) break;
  }
  aborter.abort();
  await acting;
  return events;
}

describe('live', () => {
  let network: TestNetwork;
  beforeAll(async () => {
    network = await openNetwork();
  });
  afterAll(() => network?.close());

  const deposit = () =>
    network.settlementBank.perform({
      type: 'deposit',
      reference: 'D-1',
      member: network.supplier.number,
      amount: money('1.00'),
    });
  const issue = () =>
    network.coreFirm.perform({
      type: 'issue',
      bills: [{ payee: network.supplier.number, face: money('5.00'), due: '2026-06-01' }],
    });

  it('tells everybody of blocks, and a member of its own acts only', async () => {
    const token = await tokenFor(network.apiUrl, { member: network.settlementBank.number });
    const isDone = (events: readonly Event[]) => events.some(({ data }) => data['state'] === 'done');
    const events = await listenUntil(network.apiUrl, token, deposit, isDone);
    const states = events.filter(({ event }) => event === 'instruction').map(({ data }) => data['state']);
    expect(states).toEqual(['submitted', 'sent', 'done']);

    const hasBlocks = (seen: readonly Event[]) => seen.filter(({ event }) => event === 'block').length >= 2;
    const act = async () => {
      await deposit();
      await deposit();
    };
    const strangers = await listenUntil(network.apiUrl, undefined, act, hasBlocks);
    expect(new Set(strangers.map(({ event }) => event))).toEqual(new Set(['block']));
    expect(strangers[0]!.data).toMatchObject({ block: expect.any(Number), clock: '2026-03-03' });
  });

  it('tells the payee that something waits for it', async () => {
    const token = await tokenFor(network.apiUrl, { member: network.supplier.number });
    const events = await listenUntil(network.apiUrl, token, issue, (seen) =>
      seen.some(({ event }) => event === 'inbox'),
    );
    expect(events.some(({ event }) => event === 'instruction')).toBe(false);
    const inbox = await network.supplier.http.get<{ counts: Record<string, number> }>('/api/inbox');
    expect(inbox.counts['sign_for_bill']).toBe(1);
  });

  it('lets a follower wait until the act is done', async () => {
    const prepared = await network.settlementBank.prepare({
      type: 'deposit',
      reference: 'D-1',
      member: network.supplier.number,
      amount: money('1.00'),
    });
    const token = await tokenFor(network.apiUrl, { member: network.settlementBank.number });
    const waiting = ask(network.apiUrl, 'GET', `/api/instructions/${prepared.id}?wait=30`, { token });
    await network.settlementBank.submit(prepared);
    expect((await waiting).body).toMatchObject({
      state: 'done',
      tx: expect.stringMatching(/^0x[0-9a-f]{64}$/),
    });
  });

  it('ends a stream with its session, and no other', async () => {
    const who = { member: network.stranger.number };
    const [leaving, staying] = await Promise.all([
      tokenFor(network.apiUrl, who),
      tokenFor(network.apiUrl, who),
    ]);
    const open = (token: string) =>
      fetch(`${network.apiUrl}/api/events`, { headers: { authorization: `Bearer ${token}` } });
    const [ends, lasts] = await Promise.all([open(leaving), open(staying)]);
    await ask(network.apiUrl, 'DELETE', '/api/session', { token: leaving });
    expect(await ends.text()).toMatch(/^retry: /);
    const reader = lasts.body!.getReader();
    await reader.read(); // the greeting
    const hearing = reader.read();
    await deposit();
    expect(new TextDecoder().decode((await hearing).value)).toContain('event: block');
    await reader.cancel();
  });

  it('limits how many streams one client may hold open', async () => {
    const token = await tokenFor(network.apiUrl, { member: network.stranger.number });
    const aborter = new AbortController();
    const open = () =>
      fetch(`${network.apiUrl}/api/events`, {
        headers: { authorization: `Bearer ${token}` },
        signal: aborter.signal,
      });
    const streams = await Promise.all(Array.from({ length: 20 }, open));
    expect(streams.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
    expect((await open()).status).toBe(429);
    aborter.abort();
  });

  it('sends the headers that keep a browser safe, and serves its reference from its own files', async () => {
    const status = await ask(network.apiUrl, 'GET', '/api/status');
    expect(status.headers.get('content-security-policy')).toContain("default-src 'self'");
    expect(status.headers.get('content-security-policy')).not.toContain("script-src 'self' 'unsafe-inline'");
    expect(status.headers.get('content-security-policy')).toContain("base-uri 'none'");
    expect(status.headers.get('x-content-type-options')).toBe('nosniff');
    expect(status.headers.get('strict-transport-security')).toBe('max-age=31536000; includeSubDomains');
    expect(status.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    const docs = await fetch(`${network.apiUrl}/docs/`);
    expect(docs.status).toBe(200);
    const html = await docs.text();
    expect(html).not.toMatch(/(src|href)="https?:/);
    const metrics = await ask(network.apiUrl, 'GET', '/metrics');
    expect(metrics.body).toMatch(/tallystick_http_seconds_count\{.*route="\/api\/status"/);
    const missing = await ask(network.apiUrl, 'GET', '/api/nothing');
    expect([missing.status, missing.code]).toEqual([404, 'NOT_FOUND']);
  });
});

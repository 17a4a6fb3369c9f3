/** Requests that are broken before they mean anything, proxies between us and who asks, and answers that nobody may keep. */
import type { RouteName } from '#api/access/at.ts';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SECRET_ANSWERS } from '#api/plugins/app/idempotency.ts';
import { NEVER_COMPRESSED } from '#api/plugins/external/compression.ts';
import { routes } from '#api/access/routes.ts';
import type { Member } from '#client/member.ts';
import { prepareGround, type Ground } from '../fixtures/ground.ts';
import { ask, tokenFor } from './support/ask.ts';

/** The keys that stand in their answers are public, or ciphertext that the database holds as well. */
const PUBLIC_KEYS: ReadonlySet<RouteName> = new Set([
  ...(['getPolicy', 'getInstructionSheet', 'listBranches'] as const),
  ...(['listColleagues', 'listOwnSigners', 'addOwnSigner'] as const),
  ...(['getDocumentKey', 'listAttachedDocuments'] as const),
  ...(['makeDocumentKey', 'addDocumentKeyHolder', 'giveDocumentKey', 'removeDocumentKeyHolder'] as const),
]);

describe('requests', () => {
  let ground: Ground;
  let relayer: { close(): Promise<void> };
  let firm: Member;
  let token: string;
  beforeAll(async () => {
    ground = await prepareGround();
    relayer = await ground.relayer();
    firm = await ground.admit('firm', ['core_enterprise']);
    token = await tokenFor(ground.apiUrl, { member: firm.number });
  });
  afterAll(async () => {
    await relayer?.close();
    await ground?.close();
  });

  const json = { 'content-type': 'application/json' };
  const post = async (path: string, body: string | Uint8Array, headers: Record<string, string> = json) => {
    const response = await fetch(ground.apiUrl + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, ...headers },
      body: body as string,
    });
    const { code } = (await response.json()) as { code?: string };
    return [response.status, code];
  };
  const refused = [400, 'REQUEST_INVALID'];
  /** What comes back for exactly these bytes. */
  const raw = async (request: string): Promise<string> => {
    const { hostname, port } = new URL(ground.apiUrl);
    const socket = connect(Number(port), hostname);
    socket.write(request);
    return text(socket);
  };

  it.each([
    ['arrays', '['.repeat(20_000), ']'.repeat(20_000)],
    ['objects', '{"a":'.repeat(20_000), `1${'}'.repeat(20_000)}`],
  ])('with %s within each other are refused, by whoever they come', async (_, opens, closes) => {
    const deep = `{"member":${opens}${closes}}`;
    expect(await post('/api/session', deep, json)).toEqual(refused);
    const response = await fetch(`${ground.apiUrl}/api/session`, {
      method: 'POST',
      headers: json,
      body: deep,
    });
    expect(response.status).toBe(400);
    expect(await post('/api/instructions/prepare', deep)).toEqual(refused);
    const form = new FormData();
    form.append('file', new Blob(['a']), 'a');
    form.append('terms', deep);
    const upload = await fetch(`${ground.apiUrl}/api/imports`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: form,
    });
    expect(upload.status).toBe(400);
  });

  it('with more values than any route needs are refused', async () => {
    expect(await post('/api/instructions/prepare', `{"type":[${'0,'.repeat(100_000)}0]}`)).toEqual(refused);
  });

  it('whose JSON is not in UTF-8 are refused', async () => {
    const body = Buffer.from('{"name":"caf\u00e9.csv","text":"a"}', 'latin1');
    expect(await post('/api/imports', body)).toEqual(refused);
    const half = Buffer.concat([
      Buffer.from('{"name":"'),
      Buffer.from([0xed, 0xa0, 0x80]),
      Buffer.from('","text":""}'),
    ]);
    expect(await post('/api/imports', half)).toEqual(refused);
  });

  it('with row numbers that no file has are refused', async () => {
    const { id } = await firm.http.post<{ id: string }>('/api/imports' as string, {
      name: 'a.csv',
      text: '供应商,发票号码,到期日,应付金额\nx,1,2027-01-01,1.00',
    });
    const prepare = (body: object) => post(`/api/imports/${id}/prepare`, JSON.stringify(body));
    for (const row of [2 ** 31, 2 ** 32, 2 ** 53, 1e300]) {
      expect(await prepare({ rows: [row] })).toEqual(refused);
      expect(await prepare({ rows: 'all-ok', except: [row] })).toEqual(refused);
      expect(await prepare({ rows: 'all-ok', after: row })).toEqual(refused);
    }
    expect(await prepare({ rows: [2 ** 31 - 1] })).toEqual([409, 'ALREADY_DONE']);
  });

  const part = 'Content-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\nx';
  it.each([
    ['without an end', `--b\r\n${part}`],
    ['whose part has no header', '--b\r\n\r\nx\r\n--b--\r\n'],
    ['whose header is broken', `--b\r\nContent-Disposition\r\n\r\nx\r\n--b--\r\n`],
    ['with another boundary', `--c\r\n${part}\r\n--c--\r\n`],
    ['that is empty', ''],
    ['of nothing but an end', '--b--\r\n'],
    ['with a header of 100 kB', `--b\r\nX: ${'x'.repeat(100_000)}\r\n${part}\r\n--b--\r\n`],
    ['with a name of 5 MB', `--b\r\n${part.replace('a.csv', 'a'.repeat(5_000_000))}\r\n--b--\r\n`],
    [
      'with a field of 5 MB',
      `--b\r\nContent-Disposition: form-data; name="name"\r\n\r\n${'x'.repeat(5_000_000)}\r\n--b--\r\n`,
    ],
    [
      'with a field that is no JSON',
      '--b\r\nContent-Disposition: form-data; name="terms"\r\n\r\n{\r\n--b--\r\n',
    ],
    [
      'with a field of JavaScript',
      '--b\r\nContent-Disposition: form-data; name="__proto__"\r\n\r\n{}\r\n--b--\r\n',
    ],
  ])('with a form %s are refused', async (_, body) => {
    const [status, code] = await post('/api/imports', body, {
      'content-type': 'multipart/form-data; boundary=b',
    });
    expect(code).toBe('REQUEST_INVALID');
    expect([400, 413]).toContain(status);
  });

  it('with two Host headers are refused', async () => {
    const end = 'Connection: close\r\n\r\n';
    expect(await raw(`GET /health HTTP/1.1\r\nHost: a\r\n${end}`)).toMatch(/^HTTP\/1\.1 200 /);
    expect(await raw(`GET /health HTTP/1.1\r\nHost: a\r\nhost: b\r\n${end}`)).toMatch(/^HTTP\/1\.1 400 /);
  });

  it('are answered in such a way that no cache keeps what a member reads', async () => {
    for (const path of ['/api/holdings', '/api/session', '/api/members', '/api/bills/1']) {
      const { headers } = await ask(ground.apiUrl, 'GET', path, { token });
      expect(headers.get('cache-control')).toBe('no-store');
    }
  });

  it('are answered compressed from a kilobyte on, if the client accepts that', async () => {
    const { id } = await firm.http.post<{ id: string }>('/api/imports' as string, {
      name: 'long.csv',
      text: `供应商,发票号码,到期日,应付金额\n${'x,1,2027-01-01,1.00\n'.repeat(50)}`,
    });
    const encodingOf = async (path: string, encoding: string) => {
      const { status, headers, body } = await ask(ground.apiUrl, 'GET', path, {
        token,
        headers: { 'accept-encoding': encoding },
      });
      expect(status).toBe(200);
      return [headers.get('content-encoding'), body];
    };
    const [none, rows] = await encodingOf(`/api/imports/${id}/rows`, 'identity');
    expect(none).toBeNull();
    expect(await encodingOf(`/api/imports/${id}/rows`, 'gzip, br')).toEqual(['gzip', rows]);
    const [ofLittle] = await encodingOf('/api/session', 'gzip, br');
    expect(ofLittle).toBeNull();
  });

  it('that are repeated with their key are answered alike, compressed or not', async () => {
    const columns = Array.from({ length: 60 }, (_, n) => `column ${n}`).join();
    const repeat = (encoding: string) =>
      ask(ground.apiUrl, 'POST', '/api/imports', {
        token,
        headers: { 'idempotency-key': 'compressed', 'accept-encoding': encoding },
        body: { name: 'wide.csv', text: `供应商,发票号码,到期日,应付金额,${columns}\nx,1,2027-01-01,1.00\n` },
      });
    const answers = [await repeat('gzip'), await repeat('gzip'), await repeat('identity')];
    expect(answers.map(({ headers }) => headers.get('content-encoding'))).toEqual(['gzip', 'gzip', null]);
    for (const { code, body } of answers) expect([code, body]).toEqual(['ok', answers[0]!.body]);
  });

  it('open a session of their own each, whose token is kept nowhere', async () => {
    const headers = { 'idempotency-key': 'session-1' };
    const enter = () =>
      ask(ground.apiUrl, 'POST', '/api/session', { token, headers, body: { member: firm.number } });
    const [one, two] = [await enter(), await enter()];
    const [first, second] = [one, two].map(({ body }) => (body as { token: string }).token);
    expect(first).not.toBe(second);
    const kept = await ground.db.selectFrom('app.idempotency_key').select('body').execute();
    expect(JSON.stringify(kept)).not.toContain(first);
    // Whatever other write ever answers a secret has to be named there too.
    const secret = (schema: unknown): boolean =>
      /"(token|d|secret|privateKey|key)":/.test(JSON.stringify(schema));
    const found = Object.entries(routes).filter(([, { schema }]) => secret(schema.response));
    const writes = found.filter(([, { method }]) => method !== 'GET').map(([name]) => name as RouteName);
    expect(writes.filter((name) => !SECRET_ANSWERS.has(name) && !PUBLIC_KEYS.has(name))).toEqual([]);
    const compressed = found.map(([name]) => name as RouteName).filter((name) => !NEVER_COMPRESSED.has(name));
    expect(compressed.filter((name) => !PUBLIC_KEYS.has(name))).toEqual([]);
  });

  it('set a cookie that goes over TLS only where a proxy that is trusted says that they came so', async () => {
    const trusting = await ground.anotherApi({ trustProxy: ['127.0.0.1'] });
    const byNumber = await ground.anotherApi({ trustProxy: 1 });
    const cookie = async (url: string, scheme: string) => {
      const headers = { 'x-forwarded-proto': scheme, 'x-forwarded-for': '203.0.113.9' };
      const { headers: answered } = await ask(url, 'POST', '/api/session', {
        headers,
        body: { operator: true },
      });
      return /; Secure/i.test(answered.get('set-cookie') ?? '');
    };
    expect(await cookie(trusting.url, 'https')).toBe(true);
    expect(await cookie(byNumber.url, 'https')).toBe(true);
    expect(await cookie(trusting.url, 'http')).toBe(false);
    expect(await cookie(ground.apiUrl, 'https')).toBe(false);
  });

  it('for metrics are answered to this machine, or to who shows the token', async () => {
    const metrics = async (url: string, headers: Record<string, string> = {}) =>
      (await ask(url, 'GET', '/metrics', { headers })).code;
    expect(await metrics(ground.apiUrl)).toBe('ok');
    expect(await metrics(ground.apiUrl, { 'x-forwarded-for': '203.0.113.9' })).toBe('FORBIDDEN');
    const trusting = await ground.anotherApi({ trustProxy: 1 });
    expect(await metrics(trusting.url, { 'x-forwarded-for': '127.0.0.1' })).toBe('FORBIDDEN');
    const { url } = await ground.anotherApi({ metricsToken: 'a-token-of-twenty-signs' });
    expect(await metrics(url)).toBe('FORBIDDEN');
    expect(await metrics(url, { authorization: 'Bearer another' })).toBe('FORBIDDEN');
    expect(await metrics(url, { authorization: 'Bearer a-token-of-twenty-signs' })).toBe('ok');
  });
});

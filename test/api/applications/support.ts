/** Firms that apply, and people of the platform who look at it. */
import { makeFirstLink } from '#db/people/links.ts';
import { checkDigitOf } from '#domain/members/tax-number.ts';
import type { Ground } from '../../fixtures/ground.ts';
import { Visitor } from '../../fixtures/visitor.ts';
import type { Answer } from '../support/ask.ts';

export const PDF = Buffer.from('%PDF-1.4\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n');
export const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=',
  'base64',
);

let numbers = 100;
/** Another one each time, of a firm (91) or of a sole trader (92). */
export function newNumber(kind: '91' | '92' = '91'): string {
  numbers += 1;
  const body = `${kind}320100MADM00${numbers}`;
  return body + checkDigitOf(body);
}

export const formOf = (number: string, more: object = {}) => ({
  entity: number.startsWith('92') ? 'sole_trader' : 'company',
  number: { kind: 'uscc', value: number },
  name: { zh: `厂${number.slice(-4)}`, en: `Works ${number.slice(-4)}` },
  contact: { name: '王某', phone: '+86 25 1234567', email: 'wang@example.com' },
  legalPerson: '李某',
  address: '南京市某路 1 号',
  roles: ['supplier'],
  account: { bank: '江海商业银行', number: `6222${number.slice(14, 17)}00000001` },
  policy: 'one',
  credentialExpiry: '2035-01-01',
  ...more,
});

/** Before a browser: with forms too. */
export class Somebody extends Visitor {
  readonly #apiUrl: string;

  constructor(apiUrl: string) {
    super(apiUrl);
    this.#apiUrl = apiUrl;
  }

  async upload(id: string, kind: string, bytes: Uint8Array, name = 'a.pdf'): Promise<Answer> {
    const form = new FormData();
    form.append('kind', kind);
    form.append('file', new Blob([Uint8Array.from(bytes)]), name);
    const response = await fetch(`${this.#apiUrl}/api/applications/${id}/documents`, {
      method: 'POST',
      headers: { cookie: this.cookie!, 'tallystick-member': this.seat },
      body: form,
    });
    const body = (await response.json()) as { code?: string };
    const code = response.ok ? 'ok' : (body.code ?? 'no code');
    return { status: response.status, code, headers: response.headers, body: body as never };
  }

  async download(path: string): Promise<Response> {
    return fetch(this.#apiUrl + path, { headers: { cookie: this.cookie!, 'tallystick-member': this.seat } });
  }

  /** Begins an application and fills it in, up to the proof of the account. Returns its id. */
  async fill(number: string, more: object = {}): Promise<string> {
    const begun = await this.ask('POST', '/api/applications', {});
    const { id } = begun.body as { id: string };
    const saved = await this.ask('PATCH', `/api/applications/${id}`, formOf(number, more));
    if (saved.code !== 'ok') throw new Error(JSON.stringify(saved.body));
    await this.upload(id, 'licence', PDF);
    if (!number.startsWith('92')) await this.upload(id, 'legal_person', PDF);
    return id;
  }
}

export async function somebody(ground: Ground, name: string): Promise<Somebody> {
  const visitor = new Somebody(ground.apiUrl);
  await visitor.register(name);
  return visitor;
}

/** Two people of the platform who may do everything. */
export async function platform(ground: Ground): Promise<[Somebody, Somebody]> {
  const one = new Somebody(ground.apiUrl);
  await one.register('核实人', `#${await makeFirstLink(ground.db, new Date(Date.now() + 3_600_000))}`);
  one.seat = 'operator';
  const { body } = await one.ask('POST', '/api/links', { rights: ['see', 'prepare', 'sign', 'administer'] });
  const two = new Somebody(ground.apiUrl);
  await two.register('准入人', (body as { url: string }).url);
  two.seat = 'operator';
  return [one, two];
}

/** What the sandbox's bank has credited last, as its statement says. */
export async function credited(operator: Visitor): Promise<{ amount: string; currency: string }> {
  const { body } = await operator.ask('GET', '/api/operator/sandbox-credits');
  return (body as { items: { amount: { amount: string; currency: string } }[] }).items[0]!.amount;
}

/** Proves the account by what the statement says, and hands the application in. */
export async function prove(applicant: Visitor, id: string, operator: Visitor): Promise<Answer> {
  await applicant.ask('POST', `/api/applications/${id}/account-proof`, {});
  const amount = await credited(operator);
  await applicant.ask('POST', `/api/applications/${id}/account-proof/amount`, { amount });
  return applicant.ask('POST', `/api/applications/${id}/file`, {});
}

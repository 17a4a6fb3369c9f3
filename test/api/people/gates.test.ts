/**
 * Every route against everybody who may stand before it: nobody, a person without a seat, seats with one right each, one who signed in
 * too long ago, a suspended firm, the regulator, the operator, a key of a system. The table is written by hand: a route that is not in
 * it does not compile, and one that opens wider than it says fails.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RouteName } from '#api/access/at.ts';
import { routes } from '#api/access/routes.ts';
import { makeLink } from '#db/people/links.ts';
import { RIGHTS, type Right } from '#domain/people/rights.ts';
import { prepareGround, until, type Ground } from '../../fixtures/ground.ts';
import { Visitor } from '../../fixtures/visitor.ts';
import { ask } from '../support/ask.ts';

type Whom = 'everybody' | 'known' | 'people' | 'members' | 'operator' | 'both';
/** Whom it is for, which right it takes, and whether he must have signed in a moment ago. */
type Gate = readonly [Whom, right?: Right | undefined, fresh?: 'fresh'];

const GATES: Readonly<Record<RouteName, Gate>> = {
  openSession: ['everybody'],
  closeSession: ['everybody'],
  getSession: ['known'],
  listSessionMembers: ['everybody'],
  getSessionSigner: ['members', 'sign'],
  listNotices: ['known'],
  countNotices: ['known'],
  getNotice: ['known'],
  readNotices: ['known'],
  getPreferences: ['people'],
  changePreferences: ['people'],
  askForEmailProof: ['people'],
  proveEmail: ['everybody'],
  listWebhooks: ['members', 'administer'],
  makeWebhook: ['members', 'administer', 'fresh'],
  changeWebhook: ['members', 'administer', 'fresh'],
  deleteWebhook: ['members', 'administer', 'fresh'],
  rotateWebhook: ['members', 'administer', 'fresh'],
  testWebhook: ['members', 'administer'],
  listDeliveries: ['members', 'administer'],
  beginSignIn: ['everybody'],
  finishSignIn: ['everybody'],
  lookAtLink: ['everybody'],
  beginRegistration: ['everybody'],
  finishRegistration: ['everybody'],
  acceptLink: ['people'],
  chooseSeat: ['people'],
  changeMe: ['people'],
  listSessions: ['people'],
  closeOneSession: ['people'],
  closeAllSessions: ['people'],
  listDevices: ['people'],
  beginDevice: ['people', undefined, 'fresh'],
  finishDevice: ['people', undefined, 'fresh'],
  linkDevice: ['people', undefined, 'fresh'],
  renameDevice: ['people'],
  revokeDevice: ['people', undefined, 'fresh'],
  listOwnSigners: ['people'],
  addOwnSigner: ['people', undefined, 'fresh'],
  revokeOwnSigner: ['people', undefined, 'fresh'],
  listColleagues: ['both', 'see'],
  changeColleague: ['both', 'administer', 'fresh'],
  removeColleague: ['both', 'administer', 'fresh'],
  listLinks: ['both', 'administer'],
  inviteSomebody: ['both', 'administer', 'fresh'],
  giveSignature: ['both', 'administer', 'fresh'],
  withdrawLink: ['both', 'administer'],
  listApplications: ['people'],
  beginApplication: ['people'],
  getApplication: ['people'],
  changeApplication: ['people'],
  forgetApplication: ['people'],
  fileApplication: ['people'],
  addApplicationDocument: ['people'],
  getApplicationDocument: ['people'],
  removeApplicationDocument: ['people'],
  inviteToApplication: ['people', undefined, 'fresh'],
  withdrawApplicationLink: ['people'],
  changeApplicationPerson: ['people'],
  removeApplicationPerson: ['people'],
  beginAccountProof: ['people'],
  proveAccount: ['people'],
  reviewApplications: ['operator', 'see'],
  reviewApplication: ['operator', 'see'],
  openApplicationDocument: ['operator', 'see'],
  takeUpApplication: ['operator', 'prepare'],
  giveApplicationBack: ['operator', 'prepare'],
  refuseApplication: ['operator', 'prepare'],
  verifyApplication: ['operator', 'prepare'],
  admitApplicant: ['operator', 'sign', 'fresh'],
  readSandboxStatement: ['operator', 'see'],
  listInvitations: ['members', 'see'],
  inviteSupplier: ['members', 'prepare'],
  withdrawInvitation: ['members', 'prepare'],
  inviteImportSuppliers: ['members', 'prepare'],
  getSuspension: ['members', 'see'],
  appeal: ['members', 'prepare'],
  listAppeals: ['operator', 'see'],
  listApiKeys: ['members', 'administer'],
  makeApiKey: ['members', 'administer', 'fresh'],
  revokeApiKey: ['members', 'administer'],
  listMembers: ['both', 'see'],
  getMember: ['both', 'see'],
  getPolicy: ['both', 'see'],
  listBranches: ['both', 'see'],
  vetoChange: ['both', 'sign'],
  carryOutChange: ['both', 'prepare'],
  getAcceptorRecord: ['members', 'see'],
  admitMember: ['operator', 'prepare'],
  listOperatorMembers: ['operator', 'see'],
  suspendMember: ['operator', 'prepare'],
  restoreMember: ['operator', 'prepare'],
  renewMember: ['operator', 'prepare'],
  eraseIdentity: ['operator', 'prepare', 'fresh'],
  listRecoveries: ['both', 'see'],
  getRecovery: ['both', 'see'],
  proposeRecoveryAsOperator: ['operator', 'prepare', 'fresh'],
  withdrawRecoveryAsOperator: ['operator', 'prepare'],
  stopRecovery: ['members', 'sign'],
  prepareRecovery: ['everybody'],
  completeRecovery: ['everybody'],
  listBills: ['members', 'see'],
  getBill: ['members', 'see'],
  listParcels: ['members', 'see'],
  listBillActs: ['members', 'see'],
  getBillDocument: ['members', 'see'],
  getRibbon: ['members', 'see'],
  distributeBill: ['members', 'prepare'],
  getDocumentKey: ['members', 'see'],
  makeDocumentKey: ['members', 'sign', 'fresh'],
  addDocumentKeyHolder: ['members', 'see'],
  giveDocumentKey: ['members', 'see'],
  removeDocumentKeyHolder: ['members', 'see'],
  listAttachedDocuments: ['members', 'see'],
  addBillKey: ['members', 'prepare'],
  wrapBillKeys: ['members', 'see'],
  attachDocument: ['members', 'prepare'],
  openAttachedDocument: ['members', 'see'],
  removeAttachedDocument: ['members', 'prepare'],
  listBillsToWrap: ['members', 'see'],
  prepareSight: ['members', 'prepare'],
  submitSight: ['members', 'sign'],
  endSight: ['members', 'prepare'],
  listHoldings: ['members', 'see'],
  listOffers: ['members', 'see'],
  getInbox: ['members', 'see'],
  listCalendar: ['members', 'see'],
  getCash: ['members', 'see'],
  listCashEntries: ['members', 'see'],
  listRedemptions: ['members', 'see'],
  getSettlementBook: ['members', 'see'],
  getPortfolio: ['members', 'see'],
  listDeals: ['members', 'see'],
  listInvoices: ['members', 'see'],
  listInvoiceBills: ['members', 'see'],
  listLines: ['members', 'see'],
  createImport: ['members', 'prepare'],
  listImports: ['members', 'see'],
  getImport: ['members', 'see'],
  listImportRows: ['members', 'see'],
  patchImport: ['members', 'prepare'],
  deleteImport: ['members', 'prepare'],
  listImportSuppliers: ['members', 'see'],
  nameImportSuppliers: ['members', 'prepare'],
  listSupplierAliases: ['members', 'see'],
  forgetSupplierAlias: ['members', 'prepare'],
  changeImportCredits: ['members', 'prepare'],
  prepareImport: ['members', 'prepare'],
  listImportBatches: ['members', 'see'],
  releaseImport: ['members', 'prepare'],
  createRequest: ['members', 'prepare'],
  listRequests: ['members', 'see'],
  getRequest: ['members', 'see'],
  declineRequest: ['members', 'prepare'],
  cancelRequest: ['members', 'prepare'],
  prepareQuote: ['members', 'prepare'],
  submitQuote: ['members', 'sign'],
  withdrawQuote: ['members', 'prepare'],
  listQuotes: ['members', 'see'],
  getQuoteSheet: ['members', 'see'],
  getQuote: ['members', 'see'],
  prepareInstruction: ['members', 'prepare'],
  submitInstruction: ['both', 'sign'],
  getInstructionSheet: ['both', 'see'],
  refuseInstruction: ['both', 'sign'],
  withdrawInstruction: ['both', 'see'],
  prepareAgain: ['both', 'prepare'],
  listInstructionComments: ['both', 'see'],
  addInstructionComment: ['both', 'see'],
  getInstruction: ['both', 'see'],
  listInstructions: ['both', 'see'],
  listRulePacks: ['both', 'see'],
  publishRulePack: ['operator', 'prepare'],
  getSupervision: ['members', 'see'],
  listAuditEntries: ['both', 'administer'],
  getAuditTrail: ['both', 'see'],
  exportAudit: ['both', 'administer'],
  exportEverything: ['members', 'administer', 'fresh'],
  getExportSigner: ['everybody'],
  getRelayer: ['operator', 'see'],
  listRelayerInstructions: ['operator', 'see'],
  getStatus: ['everybody'],
  getHealth: ['everybody'],
  getReady: ['everybody'],
  getMetrics: ['everybody'],
  streamEvents: ['everybody'],
  moveClock: ['operator', 'prepare'],
};

/** As what somebody stands there. */
type Guise = {
  readonly as: 'nobody' | 'person' | 'member' | 'operator' | 'key';
  readonly rights: readonly Right[];
  readonly isStale?: boolean;
};

function expectedOf([whom, right, fresh]: Gate, { as, rights, isStale }: Guise): string {
  if (whom === 'everybody') return 'in';
  if (as === 'nobody') return 'UNAUTHENTICATED';
  if (whom === 'known') return 'in';
  if (whom === 'people' && as === 'key') return 'FORBIDDEN';
  if (whom === 'members' && as !== 'member' && as !== 'key') return 'FORBIDDEN';
  if (whom === 'operator' && as !== 'operator') return 'FORBIDDEN';
  if (whom === 'both' && as === 'person') return 'FORBIDDEN';
  if (right !== undefined && !rights.includes(right)) return 'RIGHT_REQUIRED';
  return fresh === 'fresh' && isStale === true ? 'SIGN_IN_AGAIN' : 'in';
}

const ID = '00000000-0000-4000-8000-000000000000';
const CLOSED = new Set(['UNAUTHENTICATED', 'RIGHT_REQUIRED', 'SIGN_IN_AGAIN', 'ADDRESS_NOT_ALLOWED']);
/** Open, and refused by what the handler itself asks: for a role, for the demonstration, or for people who are the operator. */
const REFUSED_WITHIN: readonly RouteName[] = [
  'openSession',
  'listSessionMembers',
  'getSessionSigner',
  'chooseSeat',
  'getSupervision',
  'getInstruction',
  'getInstructionSheet',
  'withdrawInstruction',
  'prepareAgain',
  'listInstructionComments',
  'listInstructions',
  'getPolicy',
  'listBranches',
];

describe('the gate of each route', () => {
  let ground: Ground;
  let relayer: { close(): Promise<void> };
  let url: string;
  const guises: Record<string, Guise & { readonly headers: Record<string, string> }> = {};

  beforeAll(async () => {
    ground = await prepareGround();
    relayer = await ground.relayer();
    // No demonstration: nobody is let in without having shown who he is.
    ({ url } = await ground.anotherApi({
      demo: false,
      requestsPerMinute: 1_000_000,
      moveClock: () => Promise.reject(new Error('nobody asks for a move in its right form')),
    }));
    const firm = await ground.admit('甲', ['supplier']);
    const suspended = await ground.admit('乙', ['supplier']);
    const regulator = await ground.admit('丙', ['regulator']);
    const person = async (member: number | null | undefined, ...rights: Right[]) => {
      const visitor = new Visitor(url);
      if (member === undefined) {
        await visitor.register('x');
        return visitor;
      }
      const { secret } = await makeLink(ground.db, {
        offer: { purpose: 'seat', member, rights },
        madeBy: null,
        expiresAt: new Date(Date.now() + 60_000),
      });
      const { code } = await visitor.register('x', `#${secret}`);
      expect(code).toBe('ok');
      visitor.seat = member === null ? 'operator' : String(member);
      return visitor;
    };
    const headers = ({ cookie, seat }: Visitor) => ({ cookie: cookie!, 'tallystick-member': seat });
    guises['nobody'] = { as: 'nobody', rights: [], headers: {} };
    guises['a person without a seat'] = {
      as: 'person',
      rights: [],
      headers: headers(await person(undefined)),
    };
    for (const right of RIGHTS) {
      const member = await person(firm.number, right);
      guises[`a member who may ${right}`] = { as: 'member', rights: [right], headers: headers(member) };
      const operator = await person(null, right);
      guises[`an operator who may ${right}`] = {
        as: 'operator',
        rights: [right],
        headers: headers(operator),
      };
    }
    const boss = await person(firm.number, ...RIGHTS);
    guises['a member who may all'] = { as: 'member', rights: RIGHTS, headers: headers(boss) };
    const held = await person(suspended.number, ...RIGHTS);
    guises['a suspended member'] = { as: 'member', rights: RIGHTS, headers: headers(held) };
    const supervisor = await person(regulator.number, ...RIGHTS);
    guises['the regulator'] = { as: 'member', rights: RIGHTS, headers: headers(supervisor) };
    const key = await boss.ask('POST', '/api/keys', { name: 'x', rights: ['see'], ranges: [], days: 1 });
    const { secret } = key.body as { secret: string };
    guises['a key that may see'] = {
      as: 'key',
      rights: ['see'],
      headers: { authorization: `Bearer ${secret}` },
    };
    const stale = await person(firm.number, ...RIGHTS);
    const staleOperator = await person(null, ...RIGHTS);
    for (const visitor of [stale, staleOperator]) {
      const { body } = await visitor.ask('GET', '/api/sessions');
      const { id } = (body as { items: { id: string }[] }).items[0]!;
      const long = new Date(Date.now() - 3_600_000);
      await ground.db.updateTable('app.session').set({ created_at: long }).where('id', '=', id).execute();
    }
    guises['a member who signed in long ago'] = {
      as: 'member',
      rights: RIGHTS,
      isStale: true,
      headers: headers(stale),
    };
    guises['an operator who signed in long ago'] = {
      as: 'operator',
      rights: RIGHTS,
      isStale: true,
      headers: headers(staleOperator),
    };
    const { suspendMember } = routes;
    const answer = await ask(
      ground.apiUrl,
      suspendMember.method,
      `/api/operator/members/${suspended.number}/suspend`,
      {
        token: (
          (await ask(ground.apiUrl, 'POST', '/api/session', { body: { operator: true } })).body as {
            token: string;
          }
        ).token,
        body: { reason: 'x' },
      },
    );
    expect(answer.code).toBe('ok'); // and with a block every process looks anew who everybody is
    for (const visitor of [stale, staleOperator]) {
      const freshUntil = async () =>
        Date.parse(((await visitor.ask('GET', '/api/session')).body as { freshUntil: string }).freshUntil);
      await until(async () => (await freshUntil()) < Date.now());
    }
  });
  afterAll(async () => {
    await relayer?.close();
    await ground?.close();
  });

  it.each((Object.keys(GATES) as RouteName[]).filter((name) => name !== 'streamEvents'))(
    '%s lets in whom it is for, and nobody else',
    async (name) => {
      const {
        method,
        url: address,
        schema,
      } = routes[name] as { method: string; url: string; schema: { body?: unknown } };
      const path = address.replace(/:(\w+)/g, (_, part: string) => (part === 'id' ? ID : '1'));
      const found: Record<string, string> = {};
      const expected: Record<string, string> = {};
      for (const [guise, { headers, ...who }] of Object.entries(guises)) {
        // What changes something comes without what it needs, so that nothing is changed.
        if (name === 'closeSession' || name === 'closeAllSessions') continue;
        const { code } = await ask(url, method, path, {
          headers,
          ...(schema.body === undefined ? {} : { body: {} }),
        });
        const isShut = CLOSED.has(code) || (code === 'FORBIDDEN' && !REFUSED_WITHIN.includes(name));
        found[guise] = isShut ? code : 'in';
        const wanted = expectedOf(GATES[name], who);
        expected[guise] = REFUSED_WITHIN.includes(name) && wanted === 'FORBIDDEN' ? 'in' : wanted;
      }
      expect(found).toEqual(expected);
    },
  );
});

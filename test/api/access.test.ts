import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RouteName } from '#api/access/at.ts';
import { routes } from '#api/access/routes.ts';
import { money } from '#client/money.ts';
import { openNetwork, type TestNetwork } from '../fixtures/network.ts';
import { ask, tokenFor } from './support/ask.ts';

const VIEWERS = [
  'issuer',
  'holder',
  'pastHolder',
  'invitedBank',
  'stranger',
  'regulator',
  'operator',
  'anonymous',
] as const;
type Viewer = (typeof VIEWERS)[number];

/** What the routes are asked about. */
type Stage = {
  bill: string;
  parcel: string;
  request: string;
  quote: string;
  act: string;
  import: string;
  numbers: Record<'issuer' | 'holder' | 'bank2', number>;
};

type Row = {
  readonly route: RouteName;
  readonly asks: (stage: Stage) => [method: string, path: string, body?: unknown];
  /** Who gets what: a code for everybody, and others for some. "ok" is a success. */
  readonly all: string;
  readonly but?: Partial<Record<Viewer, string>>;
};

const member = { operator: 'FORBIDDEN', anonymous: 'UNAUTHENTICATED' } as const;
const party = { ...member, stranger: 'NOT_FOUND' } as const;
const operator = { operator: 'ok', anonymous: 'UNAUTHENTICATED' } as const;

/** Who entered the demonstration is no person with devices. */
const people = { all: 'FORBIDDEN', but: { anonymous: 'UNAUTHENTICATED' } } as const;
const NO_SECRET = 'x'.repeat(43);
const NO_ID = '00000000-0000-4000-8000-000000000000';
const POINT = `0x04${'00'.repeat(64)}`;
const WRAPPED = `0x04${'00'.repeat(112)}`;
const NO_WRAP = { billKey: NO_ID, key: NO_ID, wrapped: WRAPPED };
const ELSEWHERE = `0x${'11'.repeat(20)}`;
const signedIn = { anonymous: 'UNAUTHENTICATED' } as const;

/** One row for each route. Writes are asked in a form that changes nothing for anybody. */
const TABLE: readonly Row[] = [
  { route: 'listNotices', asks: () => ['GET', '/api/notices'], all: 'ok', but: signedIn },
  { route: 'countNotices', asks: () => ['GET', '/api/notices/unread'], all: 'ok', but: signedIn },
  { route: 'getNotice', asks: () => ['GET', `/api/notices/${NO_ID}`], all: 'NOT_FOUND', but: signedIn },
  {
    route: 'readNotices',
    asks: () => ['POST', '/api/notices/read', { ids: [NO_ID] }],
    all: 'ok',
    but: signedIn,
  },
  { route: 'getPreferences', asks: () => ['GET', '/api/preferences'], all: 'FORBIDDEN', but: signedIn },
  {
    route: 'changePreferences',
    asks: () => ['PATCH', '/api/preferences', { switches: [] }],
    all: 'FORBIDDEN',
    but: signedIn,
  },
  { route: 'askForEmailProof', asks: () => ['POST', '/api/me/email/proof'], all: 'FORBIDDEN', but: signedIn },
  {
    route: 'proveEmail',
    asks: () => ['POST', '/api/email/prove', { secret: 'x'.repeat(43) }],
    all: 'LINK_OVER',
  },
  { route: 'listWebhooks', asks: () => ['GET', '/api/webhooks'], all: 'ok', but: member },
  {
    route: 'makeWebhook',
    asks: () => ['POST', '/api/webhooks', { url: 'http://10.0.0.1/', kinds: [] }],
    all: 'REQUEST_INVALID',
    but: member,
  },
  {
    route: 'changeWebhook',
    asks: () => ['PATCH', `/api/webhooks/${NO_ID}`, { isOn: true }],
    all: 'NOT_FOUND',
    but: member,
  },
  {
    route: 'deleteWebhook',
    asks: () => ['DELETE', `/api/webhooks/${NO_ID}`],
    all: 'NOT_FOUND',
    but: member,
  },
  {
    route: 'rotateWebhook',
    asks: () => ['POST', `/api/webhooks/${NO_ID}/secret`],
    all: 'UNAVAILABLE',
    but: member,
  },
  {
    route: 'testWebhook',
    asks: () => ['POST', `/api/webhooks/${NO_ID}/test`],
    all: 'NOT_FOUND',
    but: member,
  },
  {
    route: 'listDeliveries',
    asks: () => ['GET', `/api/webhooks/${NO_ID}/deliveries`],
    all: 'NOT_FOUND',
    but: member,
  },
  {
    route: 'getSession',
    asks: () => ['GET', '/api/session'],
    all: 'ok',
    but: { anonymous: 'UNAUTHENTICATED' },
  },
  { route: 'openSession', asks: () => ['POST', '/api/session', {}], all: 'REQUEST_INVALID' },
  { route: 'listSessionMembers', asks: () => ['GET', '/api/session/members'], all: 'ok' },
  { route: 'getSessionSigner', asks: () => ['GET', '/api/session/signer'], all: 'NOT_FOUND', but: member },
  { route: 'beginSignIn', asks: () => ['POST', '/api/sign-in/begin', {}], all: 'ok' },
  { route: 'finishSignIn', asks: () => ['POST', '/api/sign-in', {}], all: 'REQUEST_INVALID' },
  { route: 'lookAtLink', asks: () => ['POST', '/api/links/look', { secret: NO_SECRET }], all: 'LINK_OVER' },
  {
    route: 'beginRegistration',
    asks: () => ['POST', '/api/registration/begin', { secret: NO_SECRET }],
    all: 'LINK_OVER',
  },
  { route: 'finishRegistration', asks: () => ['POST', '/api/registration', {}], all: 'REQUEST_INVALID' },
  { route: 'acceptLink', asks: () => ['POST', '/api/links/accept', { secret: NO_SECRET }], ...people },
  { route: 'chooseSeat', asks: () => ['POST', '/api/session/seat', { member: 1 }], ...people },
  { route: 'changeMe', asks: () => ['PATCH', '/api/me', { name: 'x' }], ...people },
  { route: 'listSessions', asks: () => ['GET', '/api/sessions'], ...people },
  { route: 'closeOneSession', asks: () => ['DELETE', `/api/sessions/${NO_ID}`], ...people },
  { route: 'closeAllSessions', asks: () => ['DELETE', '/api/sessions'], ...people },
  { route: 'listDevices', asks: () => ['GET', '/api/devices'], ...people },
  { route: 'beginDevice', asks: () => ['POST', '/api/devices/begin', {}], ...people },
  { route: 'finishDevice', asks: () => ['POST', '/api/devices', {}], ...people },
  { route: 'linkDevice', asks: () => ['POST', '/api/devices/link', {}], ...people },
  { route: 'renameDevice', asks: () => ['PATCH', `/api/devices/${NO_ID}`, { name: 'x' }], ...people },
  { route: 'revokeDevice', asks: () => ['DELETE', `/api/devices/${NO_ID}`], ...people },
  { route: 'listOwnSigners', asks: () => ['GET', '/api/signers'], ...people },
  { route: 'addOwnSigner', asks: () => ['POST', '/api/signers', {}], ...people },
  { route: 'revokeOwnSigner', asks: () => ['DELETE', `/api/signers/${NO_ID}`], ...people },
  {
    route: 'listColleagues',
    asks: () => ['GET', '/api/people'],
    all: 'ok',
    but: { anonymous: 'UNAUTHENTICATED' },
  },
  {
    route: 'changeColleague',
    asks: () => ['PATCH', `/api/people/${NO_ID}`, { rights: ['see'] }],
    all: 'NOT_FOUND',
    but: { anonymous: 'UNAUTHENTICATED' },
  },
  {
    route: 'removeColleague',
    asks: () => ['DELETE', `/api/people/${NO_ID}`],
    all: 'NOT_FOUND',
    but: { anonymous: 'UNAUTHENTICATED' },
  },
  { route: 'listLinks', asks: () => ['GET', '/api/links'], all: 'ok', but: { anonymous: 'UNAUTHENTICATED' } },
  {
    route: 'inviteSomebody',
    asks: () => ['POST', '/api/links', { rights: [] }],
    all: 'REQUEST_INVALID',
    but: { anonymous: 'UNAUTHENTICATED' },
  },
  {
    route: 'giveSignature',
    asks: () => ['POST', `/api/people/${NO_ID}/signature`, {}],
    all: 'REQUEST_INVALID',
    but: { anonymous: 'UNAUTHENTICATED' },
  },
  {
    route: 'withdrawLink',
    asks: () => ['DELETE', `/api/links/${NO_ID}`],
    all: 'NOT_FOUND',
    but: { anonymous: 'UNAUTHENTICATED' },
  },
  { route: 'listApplications', asks: () => ['GET', `/api/applications`], ...people },
  { route: 'beginApplication', asks: () => ['POST', `/api/applications`, {}], ...people },
  { route: 'getApplication', asks: () => ['GET', `/api/applications/${NO_ID}`], ...people },
  {
    route: 'changeApplication',
    asks: () => ['PATCH', `/api/applications/${NO_ID}`, { policy: 'one' }],
    ...people,
  },
  { route: 'forgetApplication', asks: () => ['DELETE', `/api/applications/${NO_ID}`], ...people },
  { route: 'fileApplication', asks: () => ['POST', `/api/applications/${NO_ID}/file`, {}], ...people },
  {
    route: 'addApplicationDocument',
    asks: () => ['POST', `/api/applications/${NO_ID}/documents`, {}],
    ...people,
  },
  {
    route: 'getApplicationDocument',
    asks: () => ['GET', `/api/applications/${NO_ID}/documents/${NO_ID}`],
    ...people,
  },
  {
    route: 'removeApplicationDocument',
    asks: () => ['DELETE', `/api/applications/${NO_ID}/documents/${NO_ID}`],
    ...people,
  },
  {
    route: 'inviteToApplication',
    asks: () => ['POST', `/api/applications/${NO_ID}/links`, { rights: ['see'], level: null }],
    ...people,
  },
  {
    route: 'withdrawApplicationLink',
    asks: () => ['DELETE', `/api/applications/${NO_ID}/links/${NO_ID}`],
    ...people,
  },
  {
    route: 'changeApplicationPerson',
    asks: () => ['PATCH', `/api/applications/${NO_ID}/people/${NO_ID}`, { rights: ['see'], level: null }],
    ...people,
  },
  {
    route: 'removeApplicationPerson',
    asks: () => ['DELETE', `/api/applications/${NO_ID}/people/${NO_ID}`],
    ...people,
  },
  {
    route: 'beginAccountProof',
    asks: () => ['POST', `/api/applications/${NO_ID}/account-proof`, {}],
    ...people,
  },
  {
    route: 'proveAccount',
    asks: () => ['POST', `/api/applications/${NO_ID}/account-proof/amount`, { amount: money('0.01') }],
    ...people,
  },
  {
    route: 'reviewApplications',
    asks: () => ['GET', `/api/operator/applications`],
    all: 'FORBIDDEN',
    but: { ...operator, operator: 'ok' },
  },
  {
    route: 'reviewApplication',
    asks: () => ['GET', `/api/operator/applications/${NO_ID}`],
    all: 'FORBIDDEN',
    but: { ...operator, operator: 'NOT_FOUND' },
  },
  {
    route: 'openApplicationDocument',
    asks: () => ['GET', `/api/operator/applications/${NO_ID}/documents/${NO_ID}`],
    all: 'FORBIDDEN',
    but: { ...operator, operator: 'NOT_FOUND' },
  },
  {
    route: 'takeUpApplication',
    asks: () => ['POST', `/api/operator/applications/${NO_ID}/review`, {}],
    all: 'FORBIDDEN',
    but: { ...operator, operator: 'NOT_FOUND' },
  },
  {
    route: 'giveApplicationBack',
    asks: () => ['POST', `/api/operator/applications/${NO_ID}/give-back`, { reason: 'x' }],
    all: 'FORBIDDEN',
    but: { ...operator, operator: 'NOT_FOUND' },
  },
  {
    route: 'refuseApplication',
    asks: () => ['POST', `/api/operator/applications/${NO_ID}/refuse`, { reason: 'x' }],
    all: 'FORBIDDEN',
    but: { ...operator, operator: 'NOT_FOUND' },
  },
  {
    route: 'verifyApplication',
    asks: () => ['POST', `/api/operator/applications/${NO_ID}/verify`, {}],
    all: 'FORBIDDEN',
    but: { ...operator, operator: 'NOT_FOUND' },
  },
  {
    route: 'admitApplicant',
    asks: () => ['POST', `/api/operator/applications/${NO_ID}/admit`, {}],
    all: 'FORBIDDEN',
    but: { ...operator, operator: 'NOT_FOUND' },
  },
  {
    route: 'readSandboxStatement',
    asks: () => ['GET', `/api/operator/sandbox-credits`],
    all: 'FORBIDDEN',
    but: { ...operator, operator: 'ok' },
  },
  {
    route: 'listAppeals',
    asks: () => ['GET', `/api/operator/appeals`],
    all: 'FORBIDDEN',
    but: { ...operator, operator: 'ok' },
  },
  { route: 'listInvitations', asks: () => ['GET', `/api/invitations`], all: 'ok', but: member },
  {
    route: 'inviteSupplier',
    asks: () => ['POST', `/api/invitations`, {}],
    all: 'REQUEST_INVALID',
    but: member,
  },
  {
    route: 'withdrawInvitation',
    asks: () => ['DELETE', `/api/invitations/${NO_ID}`],
    all: 'NOT_FOUND',
    but: member,
  },
  {
    route: 'inviteImportSuppliers',
    asks: (stage) => ['POST', `/api/imports/${stage.import}/invitations`, {}],
    all: 'ROLE_REQUIRED',
    but: { ...member, issuer: 'ALREADY_DONE' },
  },
  { route: 'getSuspension', asks: () => ['GET', `/api/suspension`], all: 'ok', but: member },
  { route: 'appeal', asks: () => ['POST', `/api/appeals`, { text: 'x' }], all: 'ALREADY_DONE', but: member },
  { route: 'listApiKeys', asks: () => ['GET', '/api/keys'], all: 'ok', but: member },
  { route: 'makeApiKey', asks: () => ['POST', '/api/keys', {}], all: 'REQUEST_INVALID', but: member },
  { route: 'revokeApiKey', asks: () => ['DELETE', `/api/keys/${NO_ID}`], all: 'NOT_FOUND', but: member },
  {
    route: 'listMembers',
    asks: () => ['GET', '/api/members'],
    all: 'ok',
    but: { anonymous: 'UNAUTHENTICATED' },
  },
  {
    route: 'getMember',
    asks: () => ['GET', '/api/members/1'],
    all: 'ok',
    but: { anonymous: 'UNAUTHENTICATED' },
  },
  {
    route: 'getAcceptorRecord',
    asks: () => ['GET', '/api/members/1/record'],
    all: 'ok',
    but: { anonymous: 'UNAUTHENTICATED', operator: 'FORBIDDEN' },
  },
  {
    route: 'admitMember',
    asks: () => ['POST', '/api/operator/members', {}],
    all: 'FORBIDDEN',
    but: { ...operator, operator: 'REQUEST_INVALID' },
  },
  {
    route: 'listOperatorMembers',
    asks: () => ['GET', '/api/operator/members'],
    all: 'FORBIDDEN',
    but: operator,
  },
  {
    route: 'suspendMember',
    asks: () => ['POST', '/api/operator/members/999/suspend', { reason: 'x' }],
    all: 'FORBIDDEN',
    but: { ...operator, operator: 'MEMBER_UNKNOWN' },
  },
  {
    route: 'restoreMember',
    asks: () => ['POST', '/api/operator/members/999/restore', { reason: 'x' }],
    all: 'FORBIDDEN',
    but: { ...operator, operator: 'MEMBER_UNKNOWN' },
  },
  {
    route: 'renewMember',
    asks: () => [
      'POST',
      '/api/operator/members/999/renew',
      { roles: ['supplier'], credentialExpiry: null, reason: 'x' },
    ],
    all: 'FORBIDDEN',
    but: { ...operator, operator: 'MEMBER_UNKNOWN' },
  },
  {
    route: 'eraseIdentity',
    asks: () => ['DELETE', '/api/operator/members/999/identity', { reason: 'x' }],
    all: 'FORBIDDEN',
    but: { ...operator, operator: 'MEMBER_UNKNOWN' },
  },
  {
    route: 'listRecoveries',
    asks: () => ['GET', '/api/recoveries'],
    all: 'ok',
    but: { anonymous: 'UNAUTHENTICATED' },
  },
  {
    route: 'getRecovery',
    asks: () => ['GET', '/api/members/1/recovery'],
    all: 'ok',
    but: { anonymous: 'UNAUTHENTICATED' },
  },
  {
    route: 'proposeRecoveryAsOperator',
    asks: () => ['POST', '/api/operator/members/999/recovery', { account: ELSEWHERE, reason: 'x' }],
    all: 'FORBIDDEN',
    but: { ...operator, operator: 'MEMBER_UNKNOWN' },
  },
  {
    route: 'withdrawRecoveryAsOperator',
    asks: () => ['POST', '/api/operator/members/999/recovery/withdraw', {}],
    all: 'FORBIDDEN',
    but: { ...operator, operator: 'MEMBER_UNKNOWN' },
  },
  {
    route: 'stopRecovery',
    asks: () => [
      'POST',
      '/api/recoveries/stop',
      { nonce: '987654321987654321', signer: '0x00', signature: `0x${'00'.repeat(64)}` },
    ],
    all: 'SIGNATURE_INVALID',
    but: member,
  },
  // Whoever has lost all keys has no session: what counts is the signature of the account that both propose.
  {
    route: 'prepareRecovery',
    asks: () => ['POST', '/api/recoveries/1/prepare', { account: ELSEWHERE }],
    all: 'RECOVERY_NOT_AGREED',
  },
  {
    route: 'completeRecovery',
    asks: () => [
      'POST',
      '/api/recoveries/1/complete',
      {
        account: ELSEWHERE,
        nonce: '1',
        validUntil: '2099-01-01T00:00:00.000Z',
        signatures: [{ signer: '0x00', signature: `0x${'00'.repeat(64)}` }],
      },
    ],
    all: 'RECOVERY_NOT_AGREED',
  },
  { route: 'listBills', asks: () => ['GET', '/api/bills'], all: 'ok', but: member },
  { route: 'getBill', asks: ({ bill }) => ['GET', `/api/bills/${bill}`], all: 'ok', but: party },
  { route: 'listParcels', asks: ({ bill }) => ['GET', `/api/bills/${bill}/parcels`], all: 'ok', but: party },
  { route: 'listBillActs', asks: ({ bill }) => ['GET', `/api/bills/${bill}/acts`], all: 'ok', but: party },
  {
    route: 'getBillDocument',
    asks: ({ bill }) => ['GET', `/api/bills/${bill}/document`],
    all: 'ok',
    but: party,
  },
  { route: 'getRibbon', asks: ({ bill }) => ['GET', `/api/bills/${bill}/ribbon`], all: 'ok', but: party },
  { route: 'getDocumentKey', asks: () => ['GET', '/api/document-key'], all: 'ok', but: member },
  {
    route: 'makeDocumentKey',
    asks: () => ['POST', '/api/document-key', {}],
    all: 'REQUEST_INVALID',
    but: member,
  },
  {
    route: 'addDocumentKeyHolder',
    asks: () => ['POST', '/api/document-key/holders', { kind: 'browser', name: 'x', publicKey: POINT }],
    all: 'DOCUMENT_KEY_NONE',
    but: member,
  },
  {
    route: 'giveDocumentKey',
    asks: () => ['POST', `/api/document-key/holders/${NO_ID}/give`, { wrapped: WRAPPED }],
    all: 'DOCUMENT_KEY_NONE',
    but: member,
  },
  {
    route: 'removeDocumentKeyHolder',
    asks: () => ['DELETE', `/api/document-key/holders/${NO_ID}`],
    all: 'DOCUMENT_KEY_NONE',
    but: member,
  },
  {
    route: 'listAttachedDocuments',
    asks: ({ bill }) => ['GET', `/api/bills/${bill}/documents`],
    all: 'ok',
    but: party,
  },
  {
    route: 'addBillKey',
    asks: ({ bill }) => [
      'POST',
      `/api/bills/${bill}/documents/keys`,
      { id: NO_ID, commitment: `0x${'00'.repeat(32)}`, wraps: [NO_WRAP] },
    ],
    all: 'DOCUMENT_KEY_NONE',
    but: { ...party, invitedBank: 'FORBIDDEN', regulator: 'FORBIDDEN' },
  },
  {
    route: 'wrapBillKeys',
    asks: ({ bill }) => ['POST', `/api/bills/${bill}/documents/wraps`, { wraps: [NO_WRAP] }],
    all: 'DOCUMENT_KEY_NONE',
    but: party,
  },
  {
    route: 'attachDocument',
    asks: ({ bill }) => ['POST', `/api/bills/${bill}/documents`, {}],
    all: 'REQUEST_INVALID',
    but: { ...party, invitedBank: 'FORBIDDEN', regulator: 'FORBIDDEN' },
  },
  {
    route: 'openAttachedDocument',
    asks: ({ bill }) => ['GET', `/api/bills/${bill}/documents/${NO_ID}`],
    all: 'NOT_FOUND',
    but: member,
  },
  {
    route: 'removeAttachedDocument',
    asks: ({ bill }) => ['DELETE', `/api/bills/${bill}/documents/${NO_ID}`],
    all: 'NOT_FOUND',
    but: member,
  },
  { route: 'listBillsToWrap', asks: () => ['GET', '/api/document-key/lacking'], all: 'ok', but: member },
  {
    route: 'prepareSight',
    asks: ({ bill, numbers }) => ['POST', `/api/bills/${bill}/documents/sights`, { reader: numbers.issuer }],
    all: 'REQUEST_INVALID',
    but: { ...party, invitedBank: 'FORBIDDEN', regulator: 'FORBIDDEN' },
  },
  {
    route: 'submitSight',
    asks: () => [
      'POST',
      `/api/sights/${NO_ID}/submit`,
      { signatures: [{ signer: '0x00', signature: '0x00' }] },
    ],
    all: 'NOT_FOUND',
    but: member,
  },
  { route: 'endSight', asks: () => ['POST', `/api/sights/${NO_ID}/end`, {}], all: 'NOT_FOUND', but: member },
  {
    route: 'distributeBill',
    asks: ({ bill }) => ['POST', `/api/bills/${bill}/distribute`],
    all: 'NOT_DUE',
    but: party,
  },
  { route: 'getPolicy', asks: () => ['GET', '/api/account/policy'], all: 'ok', but: member },
  { route: 'listBranches', asks: () => ['GET', '/api/account/branches'], all: 'ok', but: member },
  {
    route: 'vetoChange',
    asks: () => [
      'POST',
      `/api/account/changes/0x${'00'.repeat(32)}/veto`,
      { signer: '0x00', signature: `0x${'00'.repeat(64)}` },
    ],
    all: 'NOT_FOUND',
    but: member,
  },
  {
    route: 'carryOutChange',
    asks: () => ['POST', `/api/account/changes/0x${'00'.repeat(32)}/carry-out`],
    all: 'NOT_FOUND',
    but: member,
  },
  { route: 'listHoldings', asks: () => ['GET', '/api/holdings'], all: 'ok', but: member },
  { route: 'listOffers', asks: () => ['GET', '/api/offers'], all: 'ok', but: member },
  { route: 'getInbox', asks: () => ['GET', '/api/inbox'], all: 'ok', but: member },
  { route: 'listCalendar', asks: () => ['GET', '/api/calendar'], all: 'ok', but: member },
  { route: 'getCash', asks: () => ['GET', '/api/cash'], all: 'ok', but: member },
  { route: 'listCashEntries', asks: () => ['GET', '/api/cash/statement'], all: 'ok', but: member },
  { route: 'getPortfolio', asks: () => ['GET', '/api/portfolio'], all: 'ok', but: member },
  { route: 'listDeals', asks: () => ['GET', '/api/deals'], all: 'ok', but: member },
  { route: 'listInvoices', asks: () => ['GET', '/api/invoices'], all: 'ok', but: member },
  {
    route: 'listInvoiceBills',
    asks: () => ['GET', '/api/invoices/bills?number=1'],
    all: 'ok',
    but: member,
  },
  {
    route: 'getSupervision',
    asks: () => ['GET', '/api/supervision'],
    all: 'FORBIDDEN',
    but: { regulator: 'ok', anonymous: 'UNAUTHENTICATED' },
  },
  {
    route: 'listRulePacks',
    asks: () => ['GET', '/api/rule-packs'],
    all: 'ok',
    but: { anonymous: 'UNAUTHENTICATED' },
  },
  {
    route: 'publishRulePack',
    asks: () => ['POST', '/api/operator/rule-packs', {}],
    all: 'FORBIDDEN',
    but: { ...operator, operator: 'REQUEST_INVALID' },
  },
  { route: 'moveClock', asks: () => ['POST', '/api/operator/clock', { to: 'next_day' }], all: 'NOT_FOUND' },
  {
    route: 'listAuditEntries',
    asks: () => ['GET', '/api/audit'],
    all: 'ok',
    but: { anonymous: 'UNAUTHENTICATED' },
  },
  {
    route: 'getAuditTrail',
    asks: () => ['GET', '/api/audit/trail'],
    all: 'ok',
    but: { anonymous: 'UNAUTHENTICATED' },
  },
  {
    route: 'exportAudit',
    asks: () => ['GET', '/api/audit/export'],
    all: 'ok',
    but: { anonymous: 'UNAUTHENTICATED' },
  },
  { route: 'exportEverything', asks: () => ['GET', '/api/export'], all: 'ok', but: member },
  { route: 'getExportSigner', asks: () => ['GET', '/api/export/signer'], all: 'ok' },
  { route: 'getRelayer', asks: () => ['GET', '/api/operator/relayer'], all: 'FORBIDDEN', but: operator },
  {
    route: 'listRelayerInstructions',
    asks: () => ['GET', '/api/operator/relayer/instructions'],
    all: 'FORBIDDEN',
    but: operator,
  },
  { route: 'listRedemptions', asks: () => ['GET', '/api/redemptions'], all: 'ok', but: member },
  {
    route: 'getSettlementBook',
    asks: () => ['GET', '/api/settlement'],
    all: 'ROLE_REQUIRED',
    but: member,
  },
  { route: 'listLines', asks: () => ['GET', '/api/lines'], all: 'ok', but: member },
  {
    route: 'createImport',
    asks: () => ['POST', '/api/imports', { name: 'x', text: '' }],
    all: 'FILE_EMPTY',
    but: member,
  },
  { route: 'listImports', asks: () => ['GET', '/api/imports'], all: 'ok', but: member },
  {
    route: 'getImport',
    asks: (s) => ['GET', `/api/imports/${s.import}`],
    all: 'NOT_FOUND',
    but: { ...member, issuer: 'ok' },
  },
  {
    route: 'listImportRows',
    asks: (s) => ['GET', `/api/imports/${s.import}/rows`],
    all: 'NOT_FOUND',
    but: { ...member, issuer: 'ok' },
  },
  {
    route: 'patchImport',
    asks: (s) => ['PATCH', `/api/imports/${s.import}`, {}],
    all: 'NOT_FOUND',
    but: { ...member, issuer: 'ok' },
  },
  {
    route: 'deleteImport',
    asks: (s) => ['DELETE', `/api/imports/${s.import}`],
    all: 'NOT_FOUND',
    but: { ...member, issuer: 'ALREADY_DONE' },
  },
  {
    route: 'listImportSuppliers',
    asks: (s) => ['GET', `/api/imports/${s.import}/suppliers`],
    all: 'NOT_FOUND',
    but: { ...member, issuer: 'ok' },
  },
  {
    route: 'nameImportSuppliers',
    asks: (s) => [
      'POST',
      `/api/imports/${s.import}/suppliers`,
      { suppliers: [{ name: 'x', supplier: s.numbers.bank2 }] },
    ],
    all: 'NOT_FOUND',
    but: { ...member, issuer: 'ok' },
  },
  { route: 'listSupplierAliases', asks: () => ['GET', '/api/supplier-aliases'], all: 'ok', but: member },
  {
    route: 'forgetSupplierAlias',
    asks: () => ['DELETE', '/api/supplier-aliases?name=nobody'],
    all: 'NOT_FOUND',
    but: member,
  },
  {
    route: 'changeImportCredits',
    asks: (s) => ['POST', `/api/imports/${s.import}/credits`, { rows: 'all', count: true }],
    all: 'NOT_FOUND',
    but: { ...member, issuer: 'ok' },
  },
  {
    route: 'prepareImport',
    asks: (s) => ['POST', `/api/imports/${s.import}/prepare`, { rows: [999] }],
    all: 'NOT_FOUND',
    but: { ...member, issuer: 'ALREADY_DONE' },
  },
  {
    route: 'listImportBatches',
    asks: (s) => ['GET', `/api/imports/${s.import}/batches`],
    all: 'NOT_FOUND',
    but: { ...member, issuer: 'ok' },
  },
  {
    route: 'releaseImport',
    asks: (s) => ['POST', `/api/imports/${s.import}/release`, {}],
    all: 'NOT_FOUND',
    but: { ...member, issuer: 'ok' },
  },
  {
    route: 'createRequest',
    asks: ({ parcel, numbers }) => [
      'POST',
      '/api/financing-requests',
      { parcel, banks: [numbers.bank2], amount: money('0.00') },
    ],
    all: 'NOT_HOLDER',
    but: { ...member, holder: 'AMOUNT_INVALID' },
  },
  { route: 'listRequests', asks: () => ['GET', '/api/financing-requests'], all: 'ok', but: member },
  {
    route: 'getRequest',
    asks: ({ request }) => ['GET', `/api/financing-requests/${request}`],
    all: 'NOT_FOUND',
    but: { ...member, holder: 'ok', invitedBank: 'ok' },
  },
  {
    route: 'declineRequest',
    asks: ({ request }) => ['POST', `/api/financing-requests/${request}/decline`],
    all: 'NOT_FOUND',
    but: { ...member, holder: 'FORBIDDEN', invitedBank: 'ok' },
  },
  {
    route: 'prepareQuote',
    asks: ({ request }) => ['POST', '/api/quotes/prepare', { request, rate: '0.02', amount: money('0.00') }],
    all: 'NOT_FOUND',
    but: { ...member, invitedBank: 'AMOUNT_INVALID' },
  },
  {
    route: 'cancelRequest',
    asks: ({ request }) => ['POST', `/api/financing-requests/${request}/cancel`],
    all: 'NOT_FOUND',
    but: { ...member, holder: 'ok', invitedBank: 'FORBIDDEN' },
  },
  {
    route: 'submitQuote',
    asks: ({ quote }) => [
      'POST',
      `/api/quotes/${quote}/submit`,
      { signatures: [{ signer: '0x00', signature: `0x${'00'.repeat(64)}` }] },
    ],
    all: 'NOT_FOUND',
    but: { ...member, invitedBank: 'SIGNATURE_INVALID' },
  },
  {
    route: 'withdrawQuote',
    asks: ({ quote }) => ['POST', `/api/quotes/${quote}/withdraw`],
    all: 'NOT_FOUND',
    but: { ...member, invitedBank: 'ok' },
  },
  { route: 'listQuotes', asks: () => ['GET', '/api/quotes'], all: 'ok', but: member },
  {
    route: 'getQuoteSheet',
    asks: ({ quote }) => ['GET', `/api/quotes/${quote}/sheet`],
    all: 'NOT_FOUND',
    but: { ...member, invitedBank: 'ok' },
  },
  {
    route: 'getQuote',
    asks: ({ quote }) => ['GET', `/api/quotes/${quote}`],
    all: 'NOT_FOUND',
    but: { ...member, holder: 'ok', invitedBank: 'ok' },
  },
  {
    route: 'prepareInstruction',
    asks: ({ parcel, numbers }) => [
      'POST',
      '/api/instructions/prepare',
      { instruction: { type: 'offer', parcel, to: numbers.bank2, amount: money('0.00') } },
    ],
    all: 'NOT_HOLDER',
    but: { ...member, holder: 'AMOUNT_INVALID' },
  },
  {
    route: 'submitInstruction',
    asks: ({ act }) => [
      'POST',
      `/api/instructions/${act}/submit`,
      { signatures: [{ signer: '0x00', signature: `0x${'00'.repeat(64)}` }] },
    ],
    all: 'NOT_FOUND',
    but: { ...member, issuer: 'SIGNATURE_INVALID' },
  },
  {
    route: 'getInstruction',
    asks: ({ act }) => ['GET', `/api/instructions/${act}`],
    all: 'NOT_FOUND',
    but: { ...member, issuer: 'ok' },
  },
  {
    route: 'getInstructionSheet',
    asks: ({ act }) => ['GET', `/api/instructions/${act}/sheet`],
    all: 'NOT_FOUND',
    but: { ...member, issuer: 'ok' },
  },
  {
    route: 'listInstructionComments',
    asks: ({ act }) => ['GET', `/api/instructions/${act}/comments`],
    all: 'NOT_FOUND',
    but: { ...member, issuer: 'ok' },
  },
  {
    route: 'addInstructionComment',
    asks: ({ act }) => ['POST', `/api/instructions/${act}/comments`, { text: 'x' }],
    all: 'NOT_FOUND',
    but: { ...member, issuer: 'ok' },
  },
  {
    route: 'prepareAgain',
    asks: ({ act }) => ['POST', `/api/instructions/${act}/again`],
    all: 'NOT_FOUND',
    but: { ...member, issuer: 'ALREADY_DONE' },
  },
  {
    route: 'refuseInstruction',
    asks: ({ act }) => ['POST', `/api/instructions/${act}/refuse`, { reason: 'x' }],
    all: 'NOT_FOUND',
    but: { ...member, issuer: 'ok' },
  },
  {
    route: 'withdrawInstruction',
    asks: ({ act }) => ['POST', `/api/instructions/${act}/withdraw`],
    all: 'NOT_FOUND',
    but: { ...member, issuer: 'INSTRUCTION_CLOSED' },
  },
  { route: 'listInstructions', asks: () => ['GET', '/api/instructions'], all: 'ok', but: member },
  { route: 'getStatus', asks: () => ['GET', '/api/status'], all: 'ok' },
  { route: 'getHealth', asks: () => ['GET', '/health'], all: 'ok' },
  { route: 'getReady', asks: () => ['GET', '/ready'], all: 'ok' },
  { route: 'getMetrics', asks: () => ['GET', '/metrics'], all: 'ok' },
];

type Parcel = { range: string; holder: { number: number } | null; hidden: boolean; state: string };
type BillAct = {
  name: string | null;
  hidden: boolean;
  hash: string;
  price: unknown;
  actor: { number: number } | null;
};

describe('who may see and do what', () => {
  let network: TestNetwork;
  let stage: Stage;
  let tokens: Record<Viewer, string | undefined>;

  beforeAll(async () => {
    network = await openNetwork();
    const { coreFirm, supplier, supplier2, bank, bank2, regulator, stranger, apiUrl } = network;
    // coreFirm → supplier2 (all) → supplier (all), who asks bank for financing.
    const issued = await coreFirm.perform({
      type: 'issue',
      bills: [
        {
          payee: supplier2.number,
          face: money('1000.00'),
          due: '2026-06-01',
          invoices: [
            { seller: '91320100MA3LL5AA63', number: '1', total: money('1000.00'), amount: money('1000.00') },
          ],
        },
      ],
    });
    const parcel = issued.makes.parcels[0]!;
    await supplier2.perform({ type: 'take', parcels: [parcel] });
    await supplier2.perform({ type: 'offer', parcel, to: supplier.number });
    await supplier.perform({ type: 'take', parcels: [parcel] });
    const request = await supplier.ask({ parcel, banks: [bank.number] });
    const quote = await bank.quote({ request, rate: '0.02' });
    const imported = await coreFirm.http.post<{ id: string }>('/api/imports', {
      name: 'payables.csv',
      text: `supplier,invoice number,due date,amount\n91320100MA3WRW1MY7,A-1,2026-05-01,10.00\n`,
    });
    // A row of it waits for its signature: it cannot be deleted.
    await coreFirm.http.post(`/api/imports/${imported.id}/prepare`, { rows: 'all-ok' });
    const prepared = await coreFirm.prepare({ type: 'setStanding', standing: true });
    stage = {
      bill: issued.makes.bills[0]!,
      parcel,
      request,
      quote,
      act: prepared.id,
      import: imported.id,
      numbers: { issuer: coreFirm.number, holder: supplier.number, bank2: bank2.number },
    };
    const token = ({ number }: { number: number }) => tokenFor(apiUrl, { member: number });
    tokens = {
      issuer: await token(coreFirm),
      holder: await token(supplier),
      pastHolder: await token(supplier2),
      invitedBank: await token(bank),
      stranger: await token(stranger),
      regulator: await token(regulator),
      operator: await tokenFor(apiUrl, { operator: true }),
      anonymous: undefined,
    };
  });
  afterAll(() => network?.close());

  it('has a row for every route but the two that are asked differently', () => {
    const rows = new Set(TABLE.map(({ route }) => route));
    const missing = Object.keys(routes).filter((route) => !rows.has(route as RouteName));
    expect(missing.sort()).toEqual(['closeSession', 'streamEvents']);
  });

  it.each(TABLE.map((row) => [row.route, row] as const))(
    '%s answers each viewer as it should',
    async (_, row) => {
      const [method, path, body] = row.asks(stage);
      const answers: Record<string, string> = {};
      const expected: Record<string, string> = {};
      for (const viewer of VIEWERS) {
        const answer = await ask(network.apiUrl, method, path, {
          token: tokens[viewer],
          body,
          ...(method === 'GET' ? {} : { headers: { 'idempotency-key': `${row.route} ${viewer}` } }),
        });
        answers[viewer] = answer.code;
        expected[viewer] = row.but?.[viewer] ?? row.all;
      }
      expect(answers).toEqual(expected);
    },
  );

  it('lists bills, acts and parcels for those only who may see them', async () => {
    const count = async (viewer: Viewer, path: string) => {
      const { body } = await ask(network.apiUrl, 'GET', path, { token: tokens[viewer] });
      return (body as { items: unknown[] }).items.length;
    };
    const bills = await Promise.all(
      (['issuer', 'holder', 'pastHolder', 'invitedBank', 'stranger', 'regulator'] as const).map((viewer) =>
        count(viewer, '/api/bills'),
      ),
    );
    expect(bills).toEqual([1, 1, 1, 1, 0, 1]);
    expect(await count('invitedBank', '/api/holdings')).toBe(0);
    expect(await count('holder', '/api/holdings')).toBe(1);
    expect(await count('pastHolder', '/api/holdings')).toBe(0);
  });

  it('does not tell by a filter who holds a bill of others', async () => {
    const path = `/api/bills?holder=${stage.numbers.holder}`;
    const count = async (viewer: Viewer) => {
      const { body } = await ask(network.apiUrl, 'GET', path, { token: tokens[viewer] });
      return (body as { items: unknown[] }).items.length;
    };
    expect(await count('issuer')).toBe(1);
    expect(await count('holder')).toBe(1);
    expect(await count('pastHolder')).toBe(0);
    expect(await count('regulator')).toBe(1);
  });

  it('finds the bills that a member holds or held, and tells nobody more than the line shows him', async () => {
    const { issuer, bank2 } = stage.numbers;
    const pastHolder = network.supplier2.number;
    const found = async (viewer: Viewer, query: string) => {
      const { body } = await ask(network.apiUrl, 'GET', `/api/bills?${query}`, { token: tokens[viewer] });
      return (body as { items: { billNo: string }[] }).items.filter(({ billNo }) => billNo === stage.bill)
        .length;
    };
    const { holder } = stage.numbers;
    for (const viewer of ['regulator', 'issuer', 'holder', 'pastHolder'] as const) {
      expect(await found(viewer, `member=${issuer}`)).toBe(1);
      expect(await found(viewer, `member=${pastHolder}`)).toBe(1);
      expect(await found(viewer, `member=${holder}&sort=due`)).toBe(1);
      expect(await found(viewer, `member=${bank2}`)).toBe(0);
    }
    expect(await found('stranger', `member=${holder}`)).toBe(0);
    // One whose hands it came to but not through: the rest of the line stays hidden from the payee.
    const { coreFirm, supplier, supplier2, stranger } = network;
    const issued = await coreFirm.perform({
      type: 'issue',
      bills: [{ payee: supplier.number, face: money('9.00'), due: '2026-06-01' }],
    });
    const parcel = issued.makes.parcels[0]!;
    await supplier.perform({ type: 'take', parcels: [parcel] });
    for (const [from, to] of [
      [supplier, supplier2],
      [supplier2, stranger],
    ] as const) {
      await from.perform({ type: 'offer', parcel, to: to.number });
      await to.perform({ type: 'take', parcels: [parcel] });
    }
    expect(await found('regulator', `member=${2 ** 32 - 1}`)).toBe(0);
    const has = async (who: { number: number }, member: number | string) => {
      const token = await tokenFor(network.apiUrl, { member: who.number });
      const query = typeof member === 'number' ? { member: String(member) } : { q: member };
      const path = `/api/bills?${new URLSearchParams(query)}`;
      const { body } = await ask(network.apiUrl, 'GET', path, { token });
      return (body as { items: { billNo: string }[] }).items.some(
        ({ billNo }) => billNo === issued.makes.bills[0],
      );
    };
    expect(await has(supplier, supplier2.number)).toBe(true);
    expect(await has(supplier, stranger.number)).toBe(false);
    expect(await has(supplier2, stranger.number)).toBe(true);
    expect(await has(network.regulator, stranger.number)).toBe(true);
    // By its name too, though it is neither acceptor nor payee.
    expect(await has(network.regulator, 'Test stranger')).toBe(true);
    expect(await has(supplier, 'Test stranger')).toBe(false);
  });

  it('hides what strangers did with other pieces, and shows the chain back to the root', async () => {
    const { coreFirm, supplier, supplier2, bank, stranger, apiUrl } = network;
    const issued = await coreFirm.perform({
      type: 'issue',
      bills: [{ payee: supplier.number, face: money('100.00'), due: '2026-06-01' }],
    });
    const [bill, root] = [issued.makes.bills[0]!, issued.makes.parcels[0]!];
    await supplier.perform({ type: 'take', parcels: [root] });
    // [0,6000) stays with supplier and is sold to the bank; [6000,10000) goes to supplier2, [8000,10000) on to stranger.
    const part = await supplier.perform({
      type: 'offer',
      parcel: root,
      amount: money('40.00'),
      to: supplier2.number,
    });
    await supplier2.perform({ type: 'take', parcels: part.makes.parcels });
    const piece = part.makes.parcels[0]!;
    const next = await supplier2.perform({
      type: 'offer',
      parcel: piece,
      amount: money('20.00'),
      to: stranger.number,
    });
    await stranger.perform({ type: 'take', parcels: next.makes.parcels });
    const request = await supplier.ask({ parcel: root, banks: [bank.number] });
    const quote = await bank.quote({ request, rate: '0.02' });
    await supplier.perform({ type: 'sell', parcel: root, quote });

    const seen = async (who: { number: number }) => {
      const token = await tokenFor(apiUrl, { member: who.number });
      const parcels = (await ask(apiUrl, 'GET', `/api/bills/${bill}/parcels`, { token })).body as {
        items: Parcel[];
      };
      return parcels.items.map(({ holder }) => holder?.number ?? null);
    };
    const [b, s2, x] = [bank.number, supplier2.number, stranger.number];
    expect(await seen(coreFirm)).toEqual([b, s2, x]);
    expect(await seen(network.regulator)).toEqual([b, s2, x]);
    expect(await seen(supplier)).toEqual([b, s2, null]); // whom it gave to; not whom they gave to
    expect(await seen(supplier2)).toEqual([null, s2, x]);
    expect(await seen(stranger)).toEqual([null, null, x]);
    expect(await seen(bank)).toEqual([b, null, null]);

    const actsOf = async (who: { number: number }, query = '') => {
      const token = await tokenFor(apiUrl, { member: who.number });
      const { body } = await ask(apiUrl, 'GET', `/api/bills/${bill}/acts${query}`, { token });
      return (body as { items: BillAct[] }).items;
    };
    const names = (acts: readonly BillAct[]) => acts.map(({ name }) => name);
    const all = ['issued', 'taken', 'offered', 'taken', 'offered', 'taken', 'sold'];
    expect(names(await actsOf(coreFirm))).toEqual(all);
    expect(names(await actsOf(stranger))).toEqual([
      'issued',
      'taken',
      null,
      'taken',
      'offered',
      'taken',
      null,
    ]);
    expect(names(await actsOf(bank))).toEqual(['issued', 'taken', null, null, null, null, 'sold']);
    expect(names(await actsOf(stranger, '?endorsements=true'))).toEqual(['taken', 'taken', 'taken']);
    const hashes = (acts: readonly BillAct[]) => acts.map(({ hash }) => hash);
    expect(hashes(await actsOf(stranger))).toEqual(hashes(await actsOf(coreFirm)));

    const priceSeenBy = async (who: { number: number }) => (await actsOf(who)).at(-1)!.price;
    expect(await priceSeenBy(coreFirm)).toBeNull();
    expect(await priceSeenBy(bank)).toEqual(money('59.70'));
    expect(await priceSeenBy(network.regulator)).toEqual(money('59.70'));
  });

  it('forgets a session that was closed', async () => {
    const token = await tokenFor(network.apiUrl, { member: stage.numbers.holder });
    expect((await ask(network.apiUrl, 'GET', '/api/session', { token })).code).toBe('ok');
    expect((await ask(network.apiUrl, 'DELETE', '/api/session', { token })).status).toBe(204);
    expect((await ask(network.apiUrl, 'GET', '/api/session', { token })).code).toBe('UNAUTHENTICATED');
  });

  describe('a browser with one cookie for all its tabs', () => {
    const cookieOf = async (who: { member: number } | { operator: true }) => {
      const { headers } = await ask(network.apiUrl, 'POST', '/api/session', { body: who });
      return headers.get('set-cookie')!.split(';')[0]!;
    };
    const act = (standing: boolean) => ({ instruction: { type: 'setStanding', standing } });

    it('changes something only for the member that the request names', async () => {
      const { holder, issuer } = stage.numbers;
      const cookie = await cookieOf({ member: holder });
      const write = (headers: Record<string, string>) =>
        ask(network.apiUrl, 'POST', '/api/instructions/prepare', {
          headers: { cookie, ...headers },
          body: act(true),
        });
      expect((await write({ 'tallystick-member': String(holder) })).code).toBe('ok');
      const others = await write({ 'tallystick-member': String(issuer) });
      expect([others.status, others.code]).toEqual([409, 'SESSION_CHANGED']);
      expect((await write({ 'tallystick-member': 'operator' })).code).toBe('SESSION_CHANGED');
      const unnamed = await write({});
      expect([unnamed.status, unnamed.code]).toEqual([400, 'MEMBER_NOT_NAMED']);
    });

    it('reads and leaves for nobody else either, and says who is signed in', async () => {
      const { holder, issuer } = stage.numbers;
      const cookie = await cookieOf({ member: holder });
      const other = { cookie, 'tallystick-member': String(issuer) };
      const send = (method: string, path: string, headers: Record<string, string>) =>
        ask(network.apiUrl, method, path, { headers });
      expect((await send('GET', '/api/holdings', other)).code).toBe('SESSION_CHANGED');
      expect((await send('GET', '/api/holdings', { cookie })).code).toBe('ok');
      expect((await send('DELETE', '/api/session', other)).code).toBe('SESSION_CHANGED');
      expect((await send('GET', '/api/session', other)).code).toBe('ok');
    });

    it('wants the operator named as well', async () => {
      const cookie = await cookieOf({ operator: true });
      const suspend = (headers: Record<string, string>) =>
        ask(network.apiUrl, 'POST', '/api/operator/members/999/suspend', {
          headers: { cookie, 'idempotency-key': 'named', ...headers },
          body: { reason: 'test' },
        });
      expect((await suspend({})).code).toBe('MEMBER_NOT_NAMED');
      expect((await suspend({ 'tallystick-member': '2' })).code).toBe('SESSION_CHANGED');
      expect((await suspend({ 'tallystick-member': 'operator' })).code).toBe('MEMBER_UNKNOWN');
    });

    it('asks a bearer for no name, but holds it to the one that it gives', async () => {
      const token = await tokenFor(network.apiUrl, { member: stage.numbers.holder });
      const write = (headers: Record<string, string>) =>
        ask(network.apiUrl, 'POST', '/api/instructions/prepare', { token, headers, body: act(true) });
      expect((await write({})).code).toBe('ok');
      expect((await write({ 'tallystick-member': String(stage.numbers.issuer) })).code).toBe(
        'SESSION_CHANGED',
      );
    });
  });
});

/** The one place that talks HTTP: every route of the API that the pages use, typed by docs/openapi.json. */
import { getLocale } from '#web/paraglide/runtime.js';
import type { PolicyInput } from '#domain/accounts/input.ts';
import { forShown, httpIn } from './http.ts';
import { ApiProblem } from './problem.ts';
import type {
  SignatureFor,
  Admission,
  ApplicationDocument,
  ApiKeyInput,
  OwnSignerInput,
  FinancingRequestInput,
  ImportAnswers,
  ImportPreview,
  operations,
  Right,
  RecoveryCompletion,
  RecoveryInput,
  RecoveryStop,
  Renewal,
  RulePackInput,
  SignatureInput,
  WebhookInput,
} from './schema.ts';

export const http = httpIn(getLocale());

type QueryOf<Name extends keyof operations> = NonNullable<operations[Name]['parameters']['query']>;
type InstructionInput =
  operations['prepareInstruction']['requestBody']['content']['application/json']['instruction'];
type QuoteInput = operations['prepareQuote']['requestBody']['content']['application/json'];
type Signatures = operations['submitInstruction']['requestBody']['content']['application/json']['signatures'];
type PrepareInput = operations['prepareImport']['requestBody']['content']['application/json'];
type BodyOf<Name extends keyof operations> = operations[Name] extends {
  requestBody?: { content: { 'application/json': infer Body } };
}
  ? Body
  : never;
type FinishSignIn = BodyOf<'finishSignIn'>;
type BeginRegistration = BodyOf<'beginRegistration'>;
type FinishRegistration = BodyOf<'finishRegistration'>;
type ChangeMe = BodyOf<'changeMe'>;
type ChangePreferences = BodyOf<'changePreferences'>;
type ChangeWebhook = BodyOf<'changeWebhook'>;
export type { InstructionInput, PrepareInput, QuoteInput, Signatures };

/** The answer, or an ApiProblem thrown. */
export async function said<T>(call: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  const { data, error, response } = await call.catch((reason: unknown) => {
    if (reason instanceof DOMException && reason.name === 'AbortError') throw reason;
    throw new ApiProblem(0, {});
  });
  if (!response.ok) throw new ApiProblem(response.status, (error ?? {}) as object);
  return data as T;
}

const idempotent = (key: string = crypto.randomUUID()) => ({ 'idempotency-key': key });

type ApplicationChange = operations['changeApplication']['requestBody']['content']['application/json'];
type PartGiven = operations['changeApplicationPerson']['requestBody']['content']['application/json'];
type ChecksGiven = operations['verifyApplication']['requestBody']['content']['application/json'];
type InvitedFrom = operations['inviteImportSuppliers']['requestBody']['content']['application/json'];
type InvitedSupplier = operations['inviteSupplier']['requestBody']['content']['application/json'];
export type { ApplicationChange, ChecksGiven, InvitedSupplier, PartGiven };

const ofApplication = (id: string) => ({ path: { id }, header: idempotent() });

export const api = {
  session: () => said(http.GET('/api/session')),
  enter: (who: { member: number } | { operator: true }) => said(http.POST('/api/session', { body: who })),
  leave: () => said(http.DELETE('/api/session')),
  beginSignIn: () => said(http.POST('/api/sign-in/begin', { body: {} })),
  finishSignIn: (response: object) =>
    said(http.POST('/api/sign-in', { body: { response: response as FinishSignIn['response'] } })),
  lookAtLink: (secret: string) => said(http.POST('/api/links/look', { body: { secret } })),
  beginRegistration: (body: BeginRegistration) => said(http.POST('/api/registration/begin', { body })),
  finishRegistration: (response: object, device: string) =>
    said(
      http.POST('/api/registration', {
        body: { response: response as FinishRegistration['response'], device },
      }),
    ),
  acceptLink: (secret: string) => said(http.POST('/api/links/accept', { body: { secret } })),
  chooseSeat: (member: number | null) => said(http.POST('/api/session/seat', { body: { member } })),
  changeMe: (body: ChangeMe) => said(http.PATCH('/api/me', { body })),
  sessions: (signal: AbortSignal) => said(http.GET('/api/sessions', { signal })),
  closeOneSession: (id: string) => said(http.DELETE('/api/sessions/{id}', { params: { path: { id } } })),
  closeAllSessions: () => said(http.DELETE('/api/sessions')),
  devices: (signal: AbortSignal) => said(http.GET('/api/devices', { signal })),
  beginDevice: () => said(http.POST('/api/devices/begin', { body: {} })),
  finishDevice: (response: object, device: string) =>
    said(
      http.POST('/api/devices', { body: { response: response as FinishRegistration['response'], device } }),
    ),
  linkDevice: () => said(http.POST('/api/devices/link', { body: {} })),
  renameDevice: (id: string, name: string) =>
    said(http.PATCH('/api/devices/{id}', { body: { name }, params: { path: { id } } })),
  revokeDevice: (id: string) => said(http.DELETE('/api/devices/{id}', { params: { path: { id } } })),
  ownSigners: (signal: AbortSignal) => said(http.GET('/api/signers', { signal })),
  addOwnSigner: (body: OwnSignerInput) => said(http.POST('/api/signers', { body })),
  revokeOwnSigner: (id: string) => said(http.DELETE('/api/signers/{id}', { params: { path: { id } } })),
  people: (signal: AbortSignal) => said(http.GET('/api/people', { signal })),
  changeColleague: (id: string, seat: { rights: Right[]; branch?: string | null }) =>
    said(http.PATCH('/api/people/{id}', { body: seat, params: { path: { id } } })),
  removeColleague: (id: string) => said(http.DELETE('/api/people/{id}', { params: { path: { id } } })),
  branches: (signal: AbortSignal) => said(http.GET('/api/account/branches', { signal })),
  policy: (signal?: AbortSignal) => said(http.GET('/api/account/policy', { signal })),
  veto: (change: string, body: SignatureInput) =>
    said(
      http.POST('/api/account/changes/{change}/veto', {
        body,
        params: { path: { change }, header: idempotent() },
      }),
    ),
  giveSignature: (id: string, body: SignatureFor) =>
    said(http.POST('/api/people/{id}/signature', { body, params: { path: { id }, header: idempotent() } })),
  links: (signal: AbortSignal) => said(http.GET('/api/links', { signal })),
  invite: (rights: Right[], note: string, branch: string | null = null) =>
    said(
      http.POST('/api/links', {
        body: { rights, ...(note === '' ? {} : { note }), ...(branch === null ? {} : { branch }) },
      }),
    ),
  withdrawLink: (id: string) => said(http.DELETE('/api/links/{id}', { params: { path: { id } } })),
  apiKeys: (signal: AbortSignal) => said(http.GET('/api/keys', { signal })),
  makeApiKey: (body: ApiKeyInput) => said(http.POST('/api/keys', { body })),
  revokeApiKey: (id: string) => said(http.DELETE('/api/keys/{id}', { params: { path: { id } } })),
  sessionMembers: (query: QueryOf<'listSessionMembers'>, signal?: AbortSignal) =>
    said(http.GET('/api/session/members', { params: { query }, signal: signal! })),
  signer: () => said(http.GET('/api/session/signer')),
  status: (signal?: AbortSignal) => said(http.GET('/api/status', { signal: signal! })),

  members: (query: QueryOf<'listMembers'>, signal: AbortSignal) =>
    said(http.GET('/api/members', { params: { query }, signal })),
  member: (number: number, signal: AbortSignal) =>
    said(http.GET('/api/members/{number}', { params: { path: { number } }, signal })),
  acceptorRecord: (number: number, signal: AbortSignal) =>
    said(http.GET('/api/members/{number}/record', { params: { path: { number } }, signal })),
  operatorMembers: (query: QueryOf<'listOperatorMembers'>, signal: AbortSignal) =>
    said(http.GET('/api/operator/members', { params: { query }, signal })),
  admit: (body: Admission, key: string) =>
    said(http.POST('/api/operator/members', { body, params: { header: idempotent(key) } })),
  suspend: (number: number, reason: string) =>
    said(
      http.POST('/api/operator/members/{number}/suspend', {
        body: { reason },
        params: { path: { number }, header: idempotent() },
      }),
    ),
  restore: (number: number, reason: string) =>
    said(
      http.POST('/api/operator/members/{number}/restore', {
        body: { reason },
        params: { path: { number }, header: idempotent() },
      }),
    ),

  applications: (signal: AbortSignal) => said(http.GET('/api/applications', { signal })),
  beginApplication: (kind: 'admission' | 'renewal') =>
    said(http.POST('/api/applications', { body: { kind }, params: { header: idempotent() } })),
  application: (id: string, signal: AbortSignal) =>
    said(http.GET('/api/applications/{id}', { params: { path: { id } }, signal })),
  changeApplication: (id: string, body: ApplicationChange) =>
    said(http.PATCH('/api/applications/{id}', { body, params: { path: { id } } })),
  forgetApplication: (id: string) =>
    said(http.DELETE('/api/applications/{id}', { params: { path: { id } } })),
  fileApplication: (id: string) =>
    said(http.POST('/api/applications/{id}/file', { params: ofApplication(id) })),
  addDocument,
  removeDocument: (id: string, document: string) =>
    said(http.DELETE('/api/applications/{id}/documents/{document}', { params: { path: { id, document } } })),
  inviteToApplication: (id: string, body: PartGiven & { note?: string }) =>
    said(http.POST('/api/applications/{id}/links', { body, params: { path: { id } } })),
  withdrawApplicationLink: (id: string, link: string) =>
    said(http.DELETE('/api/applications/{id}/links/{link}', { params: { path: { id, link } } })),
  changeApplicationPerson: (id: string, person: string, body: PartGiven) =>
    said(http.PATCH('/api/applications/{id}/people/{person}', { body, params: { path: { id, person } } })),
  removeApplicationPerson: (id: string, person: string) =>
    said(http.DELETE('/api/applications/{id}/people/{person}', { params: { path: { id, person } } })),
  beginAccountProof: (id: string) =>
    said(http.POST('/api/applications/{id}/account-proof', { params: ofApplication(id) })),
  proveAccount: (id: string, amount: { amount: string; currency: string }) =>
    said(
      http.POST('/api/applications/{id}/account-proof/amount', {
        body: { amount },
        params: ofApplication(id),
      }),
    ),

  reviews: (query: QueryOf<'reviewApplications'>, signal: AbortSignal) =>
    said(http.GET('/api/operator/applications', { params: { query }, signal })),
  review: (id: string, signal: AbortSignal) =>
    said(http.GET('/api/operator/applications/{id}', { params: { path: { id } }, signal })),
  takeUp: (id: string) =>
    said(http.POST('/api/operator/applications/{id}/review', { params: ofApplication(id) })),
  giveBack: (id: string, reason: string) =>
    said(
      http.POST('/api/operator/applications/{id}/give-back', { body: { reason }, params: ofApplication(id) }),
    ),
  refuseApplication: (id: string, reason: string) =>
    said(
      http.POST('/api/operator/applications/{id}/refuse', { body: { reason }, params: ofApplication(id) }),
    ),
  verifyApplication: (id: string, body: ChecksGiven) =>
    said(http.POST('/api/operator/applications/{id}/verify', { body, params: ofApplication(id) })),
  admitApplicant: (id: string) =>
    said(http.POST('/api/operator/applications/{id}/admit', { params: ofApplication(id) })),
  sandboxCredits: (signal: AbortSignal) => said(http.GET('/api/operator/sandbox-credits', { signal })),
  appeals: (query: QueryOf<'listAppeals'>, signal: AbortSignal) =>
    said(http.GET('/api/operator/appeals', { params: { query }, signal })),

  invitations: (query: QueryOf<'listInvitations'>, signal: AbortSignal) =>
    said(http.GET('/api/invitations', { params: { query }, signal })),
  inviteSupplier: (body: InvitedSupplier) => said(http.POST('/api/invitations', { body })),
  inviteImportSuppliers: (id: string, body: InvitedFrom) =>
    said(http.POST('/api/imports/{id}/invitations', { body, params: { path: { id } } })),
  withdrawInvitation: (id: string) =>
    said(http.DELETE('/api/invitations/{id}', { params: { path: { id } } })),

  suspension: (signal: AbortSignal) => said(http.GET('/api/suspension', { signal })),
  appeal: (text: string) =>
    said(http.POST('/api/appeals', { body: { text }, params: { header: idempotent() } })),

  renew: (number: number, body: Renewal) =>
    said(
      http.POST('/api/operator/members/{number}/renew', {
        body,
        params: { path: { number }, header: idempotent() },
      }),
    ),
  recoveries: (signal: AbortSignal) =>
    said(http.GET('/api/recoveries', { params: { query: { limit: 200 } }, signal })),
  recovery: (number: number, signal: AbortSignal) =>
    said(http.GET('/api/members/{number}/recovery', { params: { path: { number } }, signal })),
  stopRecovery: (body: RecoveryStop) =>
    said(http.POST('/api/recoveries/stop', { body, params: { header: idempotent() } })),
  prepareRecovery: (number: number, account: string) =>
    said(http.POST('/api/recoveries/{number}/prepare', { body: { account }, params: { path: { number } } })),
  completeRecovery: (number: number, body: RecoveryCompletion) =>
    said(http.POST('/api/recoveries/{number}/complete', { body, params: { path: { number } } })),
  proposeRecovery: (number: number, body: RecoveryInput) =>
    said(
      http.POST('/api/operator/members/{number}/recovery', {
        body,
        params: { path: { number }, header: idempotent() },
      }),
    ),
  withdrawRecovery: (number: number) =>
    said(
      http.POST('/api/operator/members/{number}/recovery/withdraw', {
        body: {},
        params: { path: { number }, header: idempotent() },
      }),
    ),

  bills: (query: QueryOf<'listBills'>, signal: AbortSignal) =>
    said(http.GET('/api/bills', { params: { query }, signal })),
  /** @param asOf Block; now if left out. */
  bill: (billNo: string, signal: AbortSignal, asOf?: number) =>
    said(
      http.GET('/api/bills/{billNo}', {
        params: { path: { billNo }, query: asOf === undefined ? {} : { asOf } },
        signal,
      }),
    ),
  ribbon: (billNo: string, signal: AbortSignal) =>
    said(http.GET('/api/bills/{billNo}/ribbon', { params: { path: { billNo } }, signal })),
  billActs: (billNo: string, query: QueryOf<'listBillActs'>, signal: AbortSignal) =>
    said(http.GET('/api/bills/{billNo}/acts', { params: { path: { billNo }, query }, signal })),
  billDocument: (billNo: string, signal: AbortSignal) =>
    said(http.GET('/api/bills/{billNo}/document', { params: { path: { billNo } }, signal })),
  distribute: (billNo: string) =>
    said(http.POST('/api/bills/{billNo}/distribute', { params: { path: { billNo }, header: idempotent() } })),

  holdings: (query: QueryOf<'listHoldings'>, signal: AbortSignal) =>
    said(http.GET('/api/holdings', { params: { query }, signal })),
  offers: (query: QueryOf<'listOffers'>, signal: AbortSignal) =>
    said(http.GET('/api/offers', { params: { query }, signal })),
  notices: (query: QueryOf<'listNotices'>, signal: AbortSignal) =>
    said(http.GET('/api/notices', { params: { query }, signal })),
  unreadNotices: (signal: AbortSignal) => said(http.GET('/api/notices/unread', { signal })),
  notice: (id: string) => said(http.GET('/api/notices/{id}', { params: { path: { id } } })),
  preferences: (signal: AbortSignal) => said(http.GET('/api/preferences', { signal })),
  changePreferences: (body: ChangePreferences) => said(http.PATCH('/api/preferences', { body })),
  askForEmailProof: () => said(http.POST('/api/me/email/proof', { body: {} })),
  webhooks: (signal: AbortSignal) => said(http.GET('/api/webhooks', { signal })),
  /** Without a key: the answer is a secret, and answers to keys are kept. */
  makeWebhook: (body: WebhookInput) => said(http.POST('/api/webhooks', { body })),
  changeWebhook: (id: string, body: ChangeWebhook) =>
    said(http.PATCH('/api/webhooks/{id}', { body, params: { path: { id } } })),
  deleteWebhook: (id: string) => said(http.DELETE('/api/webhooks/{id}', { params: { path: { id } } })),
  rotateWebhook: (id: string) =>
    said(http.POST('/api/webhooks/{id}/secret', { body: {}, params: { path: { id } } })),
  testWebhook: (id: string) =>
    said(http.POST('/api/webhooks/{id}/test', { body: {}, params: { path: { id } } })),
  deliveries: (id: string, query: QueryOf<'listDeliveries'>, signal: AbortSignal) =>
    said(http.GET('/api/webhooks/{id}/deliveries', { params: { path: { id }, query }, signal })),
  proveEmail: (secret: string) => said(http.POST('/api/email/prove', { body: { secret } })),
  readNotices: (ids?: string[]) =>
    said(http.POST('/api/notices/read', { body: ids === undefined ? {} : { ids } })),
  inbox: (signal: AbortSignal) => said(http.GET('/api/inbox', { signal })),
  calendar: (query: QueryOf<'listCalendar'>, signal: AbortSignal) =>
    said(http.GET('/api/calendar', { params: { query }, signal })),
  cash: (signal: AbortSignal) => said(http.GET('/api/cash', { signal })),
  statement: (query: QueryOf<'listCashEntries'>, signal: AbortSignal) =>
    said(http.GET('/api/cash/statement', { params: { query }, signal })),
  redemptions: (query: QueryOf<'listRedemptions'>, signal: AbortSignal) =>
    said(http.GET('/api/redemptions', { params: { query }, signal })),
  settlement: (signal: AbortSignal) => said(http.GET('/api/settlement', { signal })),
  lines: (query: QueryOf<'listLines'>, signal: AbortSignal) =>
    said(http.GET('/api/lines', { params: { query }, signal })),

  portfolio: (signal: AbortSignal) => said(http.GET('/api/portfolio', { signal })),
  deals: (query: QueryOf<'listDeals'>, signal: AbortSignal) =>
    said(http.GET('/api/deals', { params: { query }, signal })),
  invoices: (query: QueryOf<'listInvoices'>, signal: AbortSignal) =>
    said(http.GET('/api/invoices', { params: { query }, signal })),
  invoiceBills: (number: string, signal: AbortSignal) =>
    said(http.GET('/api/invoices/bills', { params: { query: { number } }, signal })),
  auditEntries: (query: QueryOf<'listAuditEntries'>, signal: AbortSignal) =>
    said(http.GET('/api/audit', { params: { query }, signal })),
  auditTrail: (signal: AbortSignal) => said(http.GET('/api/audit/trail', { signal })),
  supervision: (signal: AbortSignal) => said(http.GET('/api/supervision', { signal })),
  publishRules: (body: RulePackInput, key: string) =>
    said(http.POST('/api/operator/rule-packs', { body, params: { header: idempotent(key) } })),
  moveClock: (to: 'next_day' | 'next_due') =>
    said(http.POST('/api/operator/clock', { body: { to }, params: { header: idempotent() } })),
  rulePacks: (signal: AbortSignal) => said(http.GET('/api/rule-packs', { signal })),
  relayer: (signal: AbortSignal) => said(http.GET('/api/operator/relayer', { signal })),
  relayerActs: (query: QueryOf<'listRelayerInstructions'>, signal: AbortSignal) =>
    said(http.GET('/api/operator/relayer/instructions', { params: { query }, signal })),

  imports: (query: QueryOf<'listImports'>, signal: AbortSignal) =>
    said(http.GET('/api/imports', { params: { query }, signal })),
  import: (id: string, signal: AbortSignal) =>
    said(http.GET('/api/imports/{id}', { params: { path: { id } }, signal })),
  importRows: (id: string, query: QueryOf<'listImportRows'>, signal: AbortSignal) =>
    said(http.GET('/api/imports/{id}/rows', { params: { path: { id }, query }, signal })),
  upload,
  answer: (id: string, body: ImportAnswers) =>
    said(http.PATCH('/api/imports/{id}', { body, params: { path: { id } } })),
  prepareImport: (id: string, body: PrepareInput) =>
    said(http.POST('/api/imports/{id}/prepare', { body, params: { path: { id } } })),
  changeCredits: (id: string, count: boolean) =>
    said(
      http.POST('/api/imports/{id}/credits', {
        body: { rows: 'all', count },
        params: { path: { id }, header: idempotent() },
      }),
    ),
  importBatches: (id: string) => said(http.GET('/api/imports/{id}/batches', { params: { path: { id } } })),
  deleteImport: (id: string) =>
    said(http.DELETE('/api/imports/{id}', { params: { path: { id }, header: idempotent() } })),
  importSuppliers: (id: string, signal: AbortSignal) =>
    said(http.GET('/api/imports/{id}/suppliers', { params: { path: { id } }, signal })),
  nameSupplier: (id: string, name: string, supplier: number) =>
    said(
      http.POST('/api/imports/{id}/suppliers', {
        body: { suppliers: [{ name, supplier }] },
        params: { path: { id }, header: idempotent() },
      }),
    ),
  aliases: (signal: AbortSignal) => said(http.GET('/api/supplier-aliases', { signal })),
  forgetAlias: (name: string) =>
    said(http.DELETE('/api/supplier-aliases', { params: { query: { name }, header: idempotent() } })),
  releaseImport: (id: string) =>
    said(http.POST('/api/imports/{id}/release', { params: { path: { id }, header: idempotent() } })),

  requests: (query: QueryOf<'listRequests'>, signal: AbortSignal) =>
    said(http.GET('/api/financing-requests', { params: { query }, signal })),
  request: (id: string, signal: AbortSignal) =>
    said(http.GET('/api/financing-requests/{id}', { params: { path: { id } }, signal })),
  ask: (body: FinancingRequestInput, key: string) =>
    said(http.POST('/api/financing-requests', { body, params: { header: idempotent(key) } })),
  decline: (id: string) =>
    said(
      http.POST('/api/financing-requests/{id}/decline', { params: { path: { id }, header: idempotent() } }),
    ),
  callOff: (id: string) =>
    said(
      http.POST('/api/financing-requests/{id}/cancel', { params: { path: { id }, header: idempotent() } }),
    ),

  quotes: (query: QueryOf<'listQuotes'>, signal: AbortSignal) =>
    said(http.GET('/api/quotes', { params: { query }, signal })),
  prepareQuote: async (body: QuoteInput) => {
    const prepared = await said(http.POST('/api/quotes/prepare', { body }));
    return { ...prepared, asked: { terms: body, prepared } };
  },
  quoteSheet: (id: string, signal: AbortSignal) =>
    said(http.GET('/api/quotes/{id}/sheet', { params: { path: { id } }, signal })),
  submitQuote: (id: string, signatures: Signatures, key: string) =>
    said(
      http.POST('/api/quotes/{id}/submit', {
        body: { signatures },
        params: { path: { id }, header: idempotent(key) },
      }),
    ),
  withdrawQuote: (id: string) =>
    said(http.POST('/api/quotes/{id}/withdraw', { params: { path: { id }, header: idempotent() } })),

  /** With what was asked: nothing else will be signed for it. `before`: the policy of the firm, for what opens a branch. */
  prepare: async (instruction: InstructionInput, before?: PolicyInput) => {
    const prepared = await said(http.POST('/api/instructions/prepare', { body: { instruction } }));
    return { ...prepared, asked: { instruction, prepared, before } };
  },
  submit: (id: string, signatures: Signatures, key: string) =>
    said(
      http.POST('/api/instructions/{id}/submit', {
        body: { signatures },
        params: { path: { id }, header: idempotent(key) },
      }),
    ),
  instruction: (id: string, wait?: number) =>
    said(
      http.GET('/api/instructions/{id}', {
        params: { path: { id }, query: wait === undefined ? {} : { wait } },
      }),
    ),
  instructionSheet: (id: string, signal: AbortSignal) =>
    said(http.GET('/api/instructions/{id}/sheet', { params: { path: { id } }, signal })),
  refuseInstruction: (id: string, reason: string) =>
    said(
      http.POST('/api/instructions/{id}/refuse', {
        body: { reason },
        params: { path: { id }, header: idempotent() },
      }),
    ),
  withdrawInstruction: (id: string) =>
    said(http.POST('/api/instructions/{id}/withdraw', { params: { path: { id }, header: idempotent() } })),
  prepareAgain: (id: string) =>
    said(http.POST('/api/instructions/{id}/again', { params: { path: { id }, header: idempotent() } })),
  addInstructionComment: (id: string, text: string) =>
    said(
      http.POST('/api/instructions/{id}/comments', {
        body: { text },
        params: { path: { id }, header: idempotent() },
      }),
    ),
  instructions: (query: QueryOf<'listInstructions'>, signal: AbortSignal) =>
    said(http.GET('/api/instructions', { params: { query }, signal })),
};

/** A file goes up as it is: reading it is the server's. */
async function upload(file: File): Promise<ImportPreview> {
  const body = new FormData();
  body.set('file', file);
  const headers = { 'accept-language': getLocale(), ...forShown() };
  const call = fetch('/api/imports', { method: 'POST', body, headers }).then(async (response) => {
    const answer: unknown = await response.json().catch(() => ({}));
    return response.ok ? { data: answer as ImportPreview, response } : { error: answer, response };
  });
  return said<ImportPreview>(call);
}

async function addDocument(id: string, kind: string, file: File): Promise<ApplicationDocument> {
  const body = new FormData();
  body.set('kind', kind);
  body.set('file', file);
  const headers = { 'accept-language': getLocale(), ...forShown() };
  const call = fetch(`/api/applications/${id}/documents`, { method: 'POST', body, headers }).then(
    async (response) => {
      const answer: unknown = await response.json().catch(() => ({}));
      return response.ok ? { data: answer as ApplicationDocument, response } : { error: answer, response };
    },
  );
  return said<ApplicationDocument>(call);
}

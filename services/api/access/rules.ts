/** Who may use which route. What of the ledger a member then sees is decided in #db/read/access.ts. */
import type { FastifyRequest } from 'fastify';
import { Problem } from '#domain/problems.ts';
import type { MemberPerson, Person } from '../app-types.ts';
import type { RouteName } from '../routes/routes.ts';

export type Audience = 'everybody' | 'signed in' | 'members' | 'operator';

export const AUDIENCES: Readonly<Record<RouteName, Audience>> = {
  openSession: 'everybody',
  closeSession: 'everybody',
  getSession: 'signed in',
  listSessionMembers: 'everybody',
  getSessionSigner: 'members',
  listMembers: 'signed in',
  getMember: 'signed in',
  admitMember: 'operator',
  listOperatorMembers: 'operator',
  suspendMember: 'operator',
  restoreMember: 'operator',
  listBills: 'members',
  getBill: 'members',
  listParcels: 'members',
  listBillActs: 'members',
  getBillDocument: 'members',
  getRibbon: 'members',
  distributeBill: 'members',
  listHoldings: 'members',
  listOffers: 'members',
  getInbox: 'members',
  listCalendar: 'members',
  getCash: 'members',
  listCashEntries: 'members',
  listRedemptions: 'members',
  getSettlementBook: 'members',
  listLines: 'members',
  getPortfolio: 'members',
  listDeals: 'members',
  listInvoiceBills: 'members',
  getSupervision: 'members',
  listRulePacks: 'signed in',
  publishRulePack: 'operator',
  getRelayer: 'operator',
  listRelayerActs: 'operator',
  createImport: 'members',
  listImports: 'members',
  getImport: 'members',
  listImportRows: 'members',
  patchImport: 'members',
  prepareImport: 'members',
  listImportBatches: 'members',
  releaseImport: 'members',
  createRequest: 'members',
  listRequests: 'members',
  getRequest: 'members',
  declineRequest: 'members',
  cancelRequest: 'members',
  prepareQuote: 'members',
  submitQuote: 'members',
  withdrawQuote: 'members',
  listQuotes: 'members',
  getQuote: 'members',
  prepareAct: 'members',
  submitAct: 'members',
  getAct: 'members',
  listActs: 'members',
  getStatus: 'everybody',
  streamEvents: 'everybody',
  getHealth: 'everybody',
  getReady: 'everybody',
  getMetrics: 'everybody',
};

/** Throws UNAUTHENTICATED or FORBIDDEN. */
export function requireAudience(audience: Audience, person: Person): void {
  if (audience === 'everybody') return;
  if (person.kind === 'nobody') throw new Problem('UNAUTHENTICATED');
  if (audience === 'signed in') return;
  if ((audience === 'operator') !== (person.kind === 'operator')) throw new Problem('FORBIDDEN');
}

/** The member who asks, on a route for members. */
export function memberOf({ person }: Pick<FastifyRequest, 'person'>): MemberPerson {
  if (person.kind !== 'member') throw new Problem(person.kind === 'nobody' ? 'UNAUTHENTICATED' : 'FORBIDDEN');
  return person;
}

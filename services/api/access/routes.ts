/** All routes: method, address, schema. The handlers are registered by these names. */
import * as acts from '../instructions/schema.ts';
import * as bills from '../bills/schema.ts';
import * as financing from '../sales/schema.ts';
import * as imports from '../imports/schema.ts';
import * as members from '../members/schema.ts';
import * as cash from '../cash/schema.ts';
import * as holdings from '../holdings/schema.ts';
import * as home from '../home/schema.ts';
import * as invoices from '../invoices/schema.ts';
import * as lines from '../lines/schema.ts';
import * as offers from '../offers/schema.ts';
import * as operator from '../operator/schema.ts';
import * as rules from '../rules/schema.ts';
import * as sessions from '../sessions/schema.ts';
import * as supervision from '../supervision/schema.ts';
import * as status from '../status/schema.ts';

export const routes = {
  openSession: ['POST', '/api/session', sessions.openSession],
  closeSession: ['DELETE', '/api/session', sessions.closeSession],
  getSession: ['GET', '/api/session', sessions.getSession],
  listSessionMembers: ['GET', '/api/session/members', sessions.listSessionMembers],
  getSessionSigner: ['GET', '/api/session/signer', sessions.getSessionSigner],
  listMembers: ['GET', '/api/members', members.listMembers],
  getMember: ['GET', '/api/members/:number', members.getMember],
  getAcceptorRecord: ['GET', '/api/members/:number/record', members.getAcceptorRecord],
  admitMember: ['POST', '/api/operator/members', members.admitMember],
  listOperatorMembers: ['GET', '/api/operator/members', members.listOperatorMembers],
  suspendMember: ['POST', '/api/operator/members/:number/suspend', members.suspendMember],
  restoreMember: ['POST', '/api/operator/members/:number/restore', members.restoreMember],
  listBills: ['GET', '/api/bills', bills.listBills],
  getBill: ['GET', '/api/bills/:billNo', bills.getBill],
  listParcels: ['GET', '/api/bills/:billNo/parcels', bills.listParcels],
  listBillActs: ['GET', '/api/bills/:billNo/acts', bills.listBillActs],
  getBillDocument: ['GET', '/api/bills/:billNo/document', bills.getBillDocument],
  getRibbon: ['GET', '/api/bills/:billNo/ribbon', bills.getRibbon],
  distributeBill: ['POST', '/api/bills/:billNo/distribute', bills.distributeBill],
  listHoldings: ['GET', '/api/holdings', holdings.listHoldings],
  listOffers: ['GET', '/api/offers', offers.listOffers],
  getInbox: ['GET', '/api/inbox', home.getInbox],
  listCalendar: ['GET', '/api/calendar', home.listCalendar],
  getCash: ['GET', '/api/cash', cash.getCash],
  listCashEntries: ['GET', '/api/cash/statement', cash.listCashEntries],
  listRedemptions: ['GET', '/api/redemptions', cash.listRedemptions],
  getSettlementBook: ['GET', '/api/settlement', cash.getSettlementBook],
  listLines: ['GET', '/api/lines', lines.listLines],
  getPortfolio: ['GET', '/api/portfolio', holdings.getPortfolio],
  listDeals: ['GET', '/api/deals', financing.listDeals],
  listInvoices: ['GET', '/api/invoices', invoices.listInvoices],
  listInvoiceBills: ['GET', '/api/invoices/bills', invoices.listInvoiceBills],
  getSupervision: ['GET', '/api/supervision', supervision.getSupervision],
  listRulePacks: ['GET', '/api/rule-packs', rules.listRulePacks],
  publishRulePack: ['POST', '/api/operator/rule-packs', rules.publishRulePack],
  moveClock: ['POST', '/api/operator/clock', status.moveClock],
  getRelayer: ['GET', '/api/operator/relayer', operator.getRelayer],
  listRelayerActs: ['GET', '/api/operator/relayer/acts', operator.listRelayerActs],
  createImport: ['POST', '/api/imports', imports.createImport],
  listImports: ['GET', '/api/imports', imports.listImports],
  getImport: ['GET', '/api/imports/:id', imports.getImport],
  listImportRows: ['GET', '/api/imports/:id/rows', imports.listImportRows],
  changeImportCredits: ['POST', '/api/imports/:id/credits', imports.changeImportCredits],
  deleteImport: ['DELETE', '/api/imports/:id', imports.deleteImport],
  listImportSuppliers: ['GET', '/api/imports/:id/suppliers', imports.listImportSuppliers],
  nameImportSuppliers: ['POST', '/api/imports/:id/suppliers', imports.nameImportSuppliers],
  listSupplierAliases: ['GET', '/api/supplier-aliases', imports.listSupplierAliases],
  forgetSupplierAlias: ['DELETE', '/api/supplier-aliases', imports.forgetSupplierAlias],
  patchImport: ['PATCH', '/api/imports/:id', imports.patchImport],
  prepareImport: ['POST', '/api/imports/:id/prepare', imports.prepareImport],
  listImportBatches: ['GET', '/api/imports/:id/batches', imports.listImportBatches],
  releaseImport: ['POST', '/api/imports/:id/release', imports.releaseImport],
  createRequest: ['POST', '/api/financing-requests', financing.createRequest],
  listRequests: ['GET', '/api/financing-requests', financing.listRequests],
  getRequest: ['GET', '/api/financing-requests/:id', financing.getRequest],
  declineRequest: ['POST', '/api/financing-requests/:id/decline', financing.declineRequest],
  cancelRequest: ['POST', '/api/financing-requests/:id/cancel', financing.cancelRequest],
  prepareQuote: ['POST', '/api/quotes/prepare', financing.prepareQuote],
  submitQuote: ['POST', '/api/quotes/:id/submit', financing.submitQuote],
  withdrawQuote: ['POST', '/api/quotes/:id/withdraw', financing.withdrawQuote],
  listQuotes: ['GET', '/api/quotes', financing.listQuotes],
  getQuote: ['GET', '/api/quotes/:id', financing.getQuote],
  prepareAct: ['POST', '/api/acts/prepare', acts.prepareAct],
  submitAct: ['POST', '/api/acts/:id/submit', acts.submitAct],
  getAct: ['GET', '/api/acts/:id', acts.getAct],
  listActs: ['GET', '/api/acts', acts.listActs],
  getStatus: ['GET', '/api/status', status.getStatus],
  streamEvents: ['GET', '/api/events', status.streamEvents],
  getHealth: ['GET', '/health', status.getHealth],
  getReady: ['GET', '/ready', status.getReady],
  getMetrics: ['GET', '/metrics', status.getMetrics],
} as const;

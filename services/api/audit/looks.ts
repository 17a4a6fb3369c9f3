/**
 * Looks go into the audit trail: all that a regulator or the operator reads, what a member reads of a bill to which it is no party, each
 * document that is opened, and what was refused to somebody who is known.
 */
import type { FastifyRequest } from 'fastify';
import type { AuditAction, AuditSubject } from '#domain/audit/actions.ts';
import { readBillNumber } from '#domain/bills/typed-bill-number.ts';
import { routes } from '../access/routes.ts';
import type { RouteName } from '../access/at.ts';
import type { App, Person } from '../app-types.ts';
import { originOf } from './origin.ts';

type Look = {
  readonly action: AuditAction;
  readonly subject?: AuditSubject;
  readonly facts?: Readonly<Record<string, string>>;
};

declare module 'fastify' {
  interface FastifyRequest {
    looks?: Look[];
  }
}

/** Told by a handler that shows something of which its viewer's look counts; written when the answer leaves. */
export function looked(
  request: { looks?: Look[] },
  action: Extract<AuditAction, 'looked' | 'documentOpened' | 'exported'>,
  subject?: AuditSubject,
  facts?: Look['facts'],
): void {
  (request.looks ??= []).push({
    action,
    ...(subject === undefined ? {} : { subject }),
    ...(facts === undefined ? {} : { facts }),
  });
}

/** A member that looks at a bill to which it never was party: a bank that is asked to quote. */
export function lookedAtBill(
  request: { looks?: Look[] },
  bill: { readonly bill_no: bigint; readonly is_party: boolean },
): void {
  if (!bill.is_party) looked(request, 'looked', `bill:${bill.bill_no}`);
}

/** Who they are, what they themselves do, and what everybody may know. */
const OWN: ReadonlySet<RouteName> = new Set([
  'getSession',
  'getSessionSigner',
  'getInbox',
  'getInstruction',
  'listInstructions',
  'listRulePacks',
  'getAuditTrail',
]);
const READS: ReadonlySet<string> = new Set(['GET', 'HEAD']);
const LONGEST_QUERY = 500;

export function registerLooks(app: App): void {
  const { trail } = app.services;
  app.addHook('onSend', (request, reply, _payload, next) => {
    const { person } = request;
    const { route } = request.routeOptions.config;
    if (route !== undefined && person.kind !== 'nobody') {
      const { statusCode } = reply;
      if (statusCode === 401 || statusCode === 403)
        trail.add({ ...originOf(request), action: 'denied', facts: { status: String(statusCode) } });
      else if (statusCode < 400)
        for (const look of looksOf(request, route)) trail.add({ ...originOf(request), ...look });
    }
    next();
  });
}

function looksOf(request: FastifyRequest, route: RouteName): readonly Look[] {
  const told = request.looks ?? [];
  if (told.length > 0 || !isSupervisor(request.person)) return told;
  if (!READS.has(request.method) || OWN.has(route) || routes[route].audience === 'everybody') return told;
  const subject = subjectOf(route, request.params as Readonly<Record<string, string>>);
  const query = request.url.split('?')[1] ?? '';
  return [
    {
      action: 'looked',
      ...(subject === undefined ? {} : { subject }),
      ...(query === '' ? {} : { facts: { query: query.slice(0, LONGEST_QUERY) } }),
    },
  ];
}

const isSupervisor = (person: Person): boolean =>
  person.kind === 'operator' || (person.kind === 'member' && person.viewer.seesAll);

/** What an address names. */
function subjectOf(route: RouteName, params: Readonly<Record<string, string>>): AuditSubject | undefined {
  const { billNo, number, id } = params;
  if (billNo !== undefined) {
    const read = readBillNumber(billNo);
    return `bill:${typeof read === 'bigint' ? read : billNo}`;
  }
  if (number !== undefined) return `member:${number}`;
  if (id === undefined) return undefined;
  return `${/quote/i.test(route) ? 'quote' : /import/i.test(route) ? 'import' : 'request'}:${id}`;
}

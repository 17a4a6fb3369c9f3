/** Invites suppliers to apply. */
import type { FastifyRequest } from 'fastify';
import { SYSTEM, transact, type Trx } from '#db/access/access.ts';
import {
  countOpenInvitations,
  invitedNames,
  listInvitations,
  lockInvitations,
  type Invitation,
} from '#db/applications/invitations.ts';
import { listUnknownSuppliers } from '#db/imports/own.ts';
import { makeLink, withdrawLink } from '#db/people/links.ts';
import { recordAudit } from '#db/audit/write.ts';
import { ROLE_BITS } from '#domain/codes.ts';
import { taxNumberOf } from '#domain/members/tax-number.ts';
import { Problem } from '#domain/problems.ts';
import { at } from '../access/at.ts';
import { originOf } from '../audit/origin.ts';
import { memberOf } from '../access/rules.ts';
import type { App } from '../app-types.ts';
import { importOf } from '../imports/own.ts';
import { pageOf } from '../lists/lists.ts';
import { refused } from '../problems/refused.ts';

/** A supplier takes its time (ms). */
const LINK_MS = 30 * 86_400_000;
/** Of one file at once. */
const MAX_OF_FILE = 500;
/** Of one firm, not used and not over. */
const MAX_OPEN = 2_000;

type Invited = { readonly name: string; readonly taxId?: string; readonly email?: string };

export function registerInvitations(app: App): void {
  const { services } = app;
  const { db, site, names } = services;

  const inviter = (request: FastifyRequest) => {
    const by = memberOf(request);
    if ((by.roles & ROLE_BITS.core_enterprise) === 0) throw new Problem('ROLE_REQUIRED');
    return by;
  };

  const invite = async (trx: Trx, { number, person }: ReturnType<typeof inviter>, invited: Invited) => {
    const expiresAt = new Date(Date.now() + LINK_MS);
    const { id, secret } = await makeLink(trx, {
      offer: { purpose: 'application', member: number, facts: { ...invited, alias: invited.name } },
      note: invited.name.slice(0, 200),
      madeBy: person ?? null,
      expiresAt,
    });
    const { name, taxId = null, email = null } = invited;
    const url = site.applicationLinkFor(secret);
    return { id, name, taxId, email, url, expiresAt: expiresAt.toISOString() };
  };

  /** Of two at once the second counts what the first has made. Throws RATE_LIMITED. */
  const requireRoom = async (trx: Trx, member: number, wanted: number): Promise<void> => {
    await lockInvitations(trx, member);
    const open = await countOpenInvitations(trx, member, new Date());
    if (open + wanted > MAX_OPEN) throw refused('INVITATIONS_MANY', { count: MAX_OPEN });
  };

  app.route({
    ...at('listInvitations'),
    handler: async (request) => {
      const { number } = memberOf(request);
      return pageOf(
        request.query,
        ['invitations', number],
        ['uuid'],
        (page) => listInvitations(db, number, page),
        async (rows) => {
          const ref = await names.of(rows.map(({ member }) => member));
          return rows.map((row) => ({
            id: row.id,
            name: row.facts.name ?? '',
            taxId: row.facts.taxId ?? null,
            email: row.facts.email ?? null,
            state: stateOf(row),
            member: row.member === null ? null : ref(row.member),
            createdAt: row.createdAt.toISOString(),
            expiresAt: row.expiresAt.toISOString(),
          }));
        },
      );
    },
  });

  app.route({
    ...at('inviteSupplier'),
    handler: async (request, reply) => {
      const by = inviter(request);
      const { name, taxId, email } = request.body;
      const read = taxId === undefined ? undefined : taxNumberOf(taxId);
      if (read !== undefined && 'fault' in read) throw new Problem('TAX_NUMBER_INVALID', read.fault);
      const made = await transact(db, SYSTEM, async (trx) => {
        await requireRoom(trx, by.number, 1);
        return invite(trx, by, {
          name: name.trim(),
          ...(read === undefined ? {} : { taxId: read.number }),
          ...(email === undefined ? {} : { email }),
        });
      });
      await recordAudit(db, { ...originOf(request), action: 'personInvited', subject: `link:${made.id}` });
      return reply.status(201).send(made);
    },
  });

  app.route({
    ...at('withdrawInvitation'),
    handler: async (request, reply) => {
      const { number } = memberOf(request);
      if (!(await withdrawLink(db, number, request.params.id, ['application'])))
        throw new Problem('NOT_FOUND');
      return reply.status(204).send(null);
    },
  });

  app.route({
    ...at('inviteImportSuppliers'),
    handler: async (request, reply) => {
      const by = inviter(request);
      const { id } = request.params;
      await importOf(services, by, id);
      const { suppliers } = request.body;
      const chosen = suppliers && new Map(suppliers.map(({ name, email }) => [name, email]));
      const unknown = await listUnknownSuppliers(db, by.viewer, id, MAX_OF_FILE);
      const items = await transact(db, SYSTEM, async (trx) => {
        await lockInvitations(trx, by.number);
        const known = await invitedNames(trx, by.number, new Date());
        const wanted = unknown.filter(
          ({ name, isAmbiguous }) =>
            !isAmbiguous && !known.has(name) && (chosen === undefined || chosen.has(name)),
        );
        if (wanted.length === 0) throw refused('NOBODY_TO_INVITE');
        await requireRoom(trx, by.number, wanted.length);
        const made = [];
        for (const { name, taxNumber } of wanted) {
          const email = chosen?.get(name);
          made.push(
            await invite(trx, by, {
              name,
              ...(taxNumber === null ? {} : { taxId: taxNumber }),
              ...(email === undefined ? {} : { email }),
            }),
          );
        }
        return made;
      });
      await recordAudit(db, {
        ...originOf(request),
        action: 'personInvited',
        subject: `import:${id}`,
        facts: { count: String(items.length) },
      });
      return reply.status(201).send({ items });
    },
  });
}

function stateOf({ applied, usedAt, expiresAt }: Invitation) {
  if (applied === 'admitted' || applied === 'refused') return applied;
  if (applied !== null && applied !== 'draft') return 'applied' as const;
  if (usedAt !== null) return 'registered' as const;
  return expiresAt.getTime() > Date.now() ? ('invited' as const) : ('over' as const);
}

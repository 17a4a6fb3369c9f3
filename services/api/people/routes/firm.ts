/** Who has a seat in the firm, or at the platform, and who is invited. */
import { getAddress } from 'ethers';
import type { FastifyRequest } from 'fastify';
import { transact, SYSTEM } from '#db/access/access.ts';
import { recordAudit, type AuditEntry } from '#db/audit/write.ts';
import { openedBranches } from '#db/branches/read.ts';
import { linksOf, makeLink, withdrawLink } from '#db/people/links.ts';
import { ownSignersAt } from '#db/people/own-signers.ts';
import { passkeysAt } from '#db/people/passkeys.ts';
import { colleagues, giveSeat, lockSeats, takeSeat } from '#db/people/persons.ts';
import { closeSessionsAt } from '#db/requests/sessions.ts';
import { toHex } from '#db/wire/bytes.ts';
import { inOrder, type Right } from '#domain/people/rights.ts';
import { Problem } from '#domain/problems.ts';
import { at } from '../../access/at.ts';
import { placeOf } from '../../access/rules.ts';
import type { App } from '../../app-types.ts';
import { storeDraft, VALID_FOR } from '../../instructions/prepare.ts';
import { toBeSigned } from '../../instructions/view.ts';
import { partyOf } from '../../operator/party.ts';
import { draftSignature } from '../signature.ts';
import { originOf } from '../../audit/origin.ts';
import { linkView } from '../views.ts';

/** The branch at which whoever asks sits. */
const branchOf = ({ person }: Pick<FastifyRequest, 'person'>): string | undefined =>
  person.kind === 'member' ? person.branch : undefined;

/** Who administers the firm sees all of it. Throws REQUEST_INVALID. */
function requireOfBranch(rights: readonly Right[], branch: string | null | undefined): void {
  if (branch && rights.includes('administer'))
    throw new Problem('REQUEST_INVALID', {
      zh: '分支机构的席位不能有管理权限',
      en: 'Nobody administers the firm from a branch',
    });
}

/** An invitation waits for a weekend (ms). */
const LINK_MS = 3 * 86_400_000;

export function registerFirm(app: App): void {
  const { services } = app;
  const { db, visitors, site } = services;

  app.route({
    ...at('listColleagues'),
    handler: async (request) => {
      const place = placeOf(request);
      const [all, devices, signers] = await Promise.all([
        colleagues(db, place),
        passkeysAt(db, place),
        ownSignersAt(db, place),
      ]);
      const at = branchOf(request);
      const people = all.filter(({ branch }) => at === undefined || branch === null || branch === at);
      return {
        items: people.map(({ id, name, email, rights, branch, since }) => ({
          id,
          name,
          email,
          rights: [...rights],
          branch: branch && getAddress(branch),
          since: since.toISOString(),
          devices: devices
            .filter(({ person }) => person === id)
            .map((device) => ({ name: device.name, x: toHex(device.x), y: toHex(device.y) })),
          signers: signers
            .filter(({ person }) => person === id)
            .map(({ name, type, signer }) => ({ name, type, key: signer })),
        })),
      };
    },
  });

  /** Throws REQUEST_INVALID for a branch that is none of the firm's. */
  const requireBranch = async (place: number | null, branch: string | null | undefined): Promise<void> => {
    if (!branch) return;
    const known = place === null ? [] : await openedBranches(db, { member: place });
    if (!known.some(({ account }) => account.toLowerCase() === branch.toLowerCase()))
      throw new Problem('REQUEST_INVALID', { zh: '本企业没有这个分支机构', en: 'No branch of the firm’s' });
  };

  /** Throws LAST_OF_ITS_KIND where nobody would administer any more. */
  const changeSeat = (
    place: number | null,
    person: string,
    seat: { readonly rights: readonly Right[]; readonly branch?: string | null | undefined } | undefined,
    audited: AuditEntry,
  ) =>
    transact(db, SYSTEM, async (trx) => {
      await lockSeats(trx, place);
      const people = await colleagues(trx, place);
      const before = people.find(({ id }) => id === person);
      if (before === undefined) throw new Problem('NOT_FOUND');
      const administers = (each: { id: string; rights: readonly Right[] }) =>
        (each.id === person ? (seat?.rights ?? []) : each.rights).includes('administer');
      if (!people.some(administers)) throw new Problem('LAST_OF_ITS_KIND');
      if (seat === undefined) {
        await takeSeat(trx, person, place);
        await closeSessionsAt(trx, person, place);
      } else {
        const { rights, branch = before.branch } = seat;
        requireOfBranch(rights, branch);
        await giveSeat(trx, person, { member: place, rights: inOrder(rights), branch });
      }
      await recordAudit(trx, audited);
    });

  app.route({
    ...at('changeColleague'),
    handler: async (request, reply) => {
      const { params, body } = request;
      const place = placeOf(request);
      const { rights, branch } = body;
      await requireBranch(place, branch);
      await changeSeat(place, params.id, body, {
        ...originOf(request),
        action: 'rightsChanged',
        subject: `person:${params.id}`,
        facts: { rights: rights.join(' '), ...(branch === undefined ? {} : { branch: branch ?? '' }) },
      });
      visitors.forget();
      return reply.status(204).send(null);
    },
  });

  app.route({
    ...at('removeColleague'),
    handler: async (request, reply) => {
      const place = placeOf(request);
      await changeSeat(place, request.params.id, undefined, {
        ...originOf(request),
        action: 'personRemoved',
        subject: `person:${request.params.id}`,
      });
      visitors.forget();
      return reply.status(204).send(null);
    },
  });

  app.route({
    ...at('giveSignature'),
    handler: async (request, reply) => {
      const { params, body } = request;
      const by = await partyOf(services, request);
      const draft = await draftSignature(services, by, params.id, body);
      const asked = { type: 'giveSignature', person: params.id, ...body } as const;
      const prepared = await storeDraft(services, by, asked, draft, {
        validFor: VALID_FOR,
        origin: originOf(request),
      });
      return reply.status(201).send(toBeSigned(services, prepared));
    },
  });

  app.route({
    ...at('listLinks'),
    handler: async (request) => ({ items: (await linksOf(db, placeOf(request))).map(linkView) }),
  });

  app.route({
    ...at('inviteSomebody'),
    handler: async (request, reply) => {
      const place = placeOf(request);
      const { person } = request;
      const { rights, note, branch } = request.body;
      await requireBranch(place, branch);
      requireOfBranch(rights, branch);
      const expiresAt = new Date(Date.now() + LINK_MS);
      const { id, secret } = await transact(db, SYSTEM, async (trx) => {
        const link = await makeLink(trx, {
          offer: { purpose: 'seat', member: place, rights, branch: branch ?? null },
          note,
          madeBy: person.kind === 'nobody' ? null : (person.person ?? null),
          expiresAt,
        });
        await recordAudit(trx, {
          ...originOf(request),
          action: 'personInvited',
          facts: { link: link.id, rights: rights.join(' ') },
        });
        return link;
      });
      return reply.status(201).send({ id, url: site.linkFor(secret), expiresAt: expiresAt.toISOString() });
    },
  });

  app.route({
    ...at('withdrawLink'),
    handler: async (request, reply) => {
      const { id } = request.params;
      await transact(db, SYSTEM, async (trx) => {
        if (!(await withdrawLink(trx, placeOf(request), id))) throw new Problem('NOT_FOUND');
        await recordAudit(trx, {
          ...originOf(request),
          action: 'invitationWithdrawn',
          facts: { link: id },
        });
      });
      return reply.status(204).send(null);
    },
  });
}

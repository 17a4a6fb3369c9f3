/** An application from its first line until it is handed in. */
import type { FastifyRequest } from 'fastify';
import { SYSTEM, transact } from '#db/access/access.ts';
import { proofsOf } from '#db/applications/account-proofs.ts';
import { documentsOf } from '#db/applications/documents.ts';
import { invitationUsedBy } from '#db/applications/invitations.ts';
import {
  applicationsOf,
  beginApplication,
  deleteDraft,
  findApplication,
  move,
  saveForm,
} from '#db/applications/own.ts';
import { peopleOf, putPerson } from '#db/applications/people.ts';
import { findMember } from '#db/members/read.ts';
import { recordAudit } from '#db/audit/write.ts';
import { numberOf, type Form } from '#domain/applications/form.ts';
import { isLegalDate } from '#domain/dates.ts';
import { taxNumberOf } from '#domain/members/tax-number.ts';
import { Problem } from '#domain/problems.ts';
import { at } from '../../access/at.ts';
import { originOf } from '../../audit/origin.ts';
import { personOf } from '../../access/rules.ts';
import type { App } from '../../app-types.ts';
import { refused } from '../../problems/refused.ts';
import { editDraft, ofApplicant, seenBy } from '../mine.ts';
import { applicationView, lineView, missingOf } from '../views.ts';

export function registerForms(app: App): void {
  const { services } = app;
  const { db } = services;

  const view = async (request: Pick<FastifyRequest, 'person'>, id: string) =>
    applicationView(services, (await findApplication(db, id))!, personOf(request).person);

  app.route({
    ...at('listApplications'),
    handler: async (request) => ({
      items: (await applicationsOf(db, personOf(request).person)).map(lineView),
    }),
  });

  app.route({
    ...at('beginApplication'),
    handler: async (request, reply) => {
      const { person: applicant } = personOf(request);
      const { kind = 'admission' } = request.body;
      const link = kind === 'admission' ? await invitationUsedBy(db, applicant) : undefined;
      const renewed = kind === 'renewal' ? await whoRenews(services, request) : undefined;
      const id = await transact(db, SYSTEM, async (trx) => {
        const begun = await beginApplication(trx, {
          kind,
          applicant,
          member: renewed?.member ?? null,
          address: request.ip,
          link,
          form: renewed?.form ?? invitedForm(link?.facts),
        });
        if (begun === undefined) throw refused('APPLICATIONS_MANY');
        const { number = null } = { ...numberOf(renewed?.form ?? {}) } as { number?: string };
        if (renewed !== undefined) await saveForm(trx, begun, renewed.form, number);
        else
          await putPerson(trx, begun, applicant, {
            rights: ['see', 'prepare', 'sign', 'administer'],
            level: 'maker',
          });
        return begun;
      });
      await recordAudit(db, {
        ...originOf(request),
        action: 'applied',
        subject: `application:${id}`,
        facts: { step: 'begun', kind },
      });
      return reply.status(201).send(await view(request, id));
    },
  });

  app.route({
    ...at('getApplication'),
    handler: async (request) => {
      const found = await seenBy(services, request, request.params.id);
      return applicationView(services, found, personOf(request).person);
    },
  });

  app.route({
    ...at('changeApplication'),
    handler: async (request) => {
      const { id } = request.params;
      await editDraft(services, request, id, async (trx, { form: before }) => {
        const stated = { ...before, ...request.body };
        const form = Object.fromEntries(
          Object.entries(stated).filter(([, value]) => value !== null && value !== undefined),
        ) as Form;
        const { credentialExpiry: until } = form;
        if (until !== undefined && !isLegalDate(until)) throw refused('NO_DATE', { text: until });
        const read = numberOf(form);
        if ('fault' in read)
          throw new Problem(form.number?.kind === 'lei' ? 'LEI_INVALID' : 'TAX_NUMBER_INVALID', read.fault);
        await saveForm(trx, id, form, read.number ?? null);
      });
      return view(request, id);
    },
  });

  app.route({
    ...at('forgetApplication'),
    handler: async (request, reply) => {
      const { id } = await ofApplicant(services, request, request.params.id);
      if (!(await deleteDraft(db, id))) throw new Problem('APPLICATION_ELSEWHERE');
      return reply.status(204).send(null);
    },
  });

  app.route({
    ...at('fileApplication'),
    handler: async (request) => {
      const { id } = request.params;
      await editDraft(services, request, id, async (trx, application) => {
        const parts = {
          documents: await documentsOf(trx, id),
          people: await peopleOf(trx, id),
          proofs: await proofsOf(trx, id),
        };
        const missing = missingOf(services, application, parts);
        if (missing.length > 0) throw refused('APPLICATION_MISSING', { missing });
        await move(trx, id, 'file');
      });
      await recordAudit(db, {
        ...originOf(request),
        action: 'applied',
        subject: `application:${id}`,
        facts: { step: 'filed' },
      });
      return view(request, id);
    },
  });
}

/** What who invites says of the firm is a beginning; a number that is none is left out. */
function invitedForm(facts: { name?: string; taxId?: string } | undefined): Form {
  const { name, taxId } = facts ?? {};
  const read = taxId === undefined ? undefined : taxNumberOf(taxId);
  return {
    ...(name === undefined ? {} : { name: { zh: name, en: name } }),
    ...(read === undefined || 'fault' in read
      ? {}
      : { number: { kind: 'uscc' as const, value: read.number } }),
  };
}

/** Who administers a member has it verified again. Throws FORBIDDEN, RIGHT_REQUIRED, ALREADY_DONE. */
async function whoRenews(
  { db }: App['services'],
  { person }: Pick<FastifyRequest, 'person'>,
): Promise<{ member: number; form: Form }> {
  if (person.kind !== 'member') throw new Problem('FORBIDDEN');
  if (!person.rights.includes('administer')) throw new Problem('RIGHT_REQUIRED');
  const row = (await findMember(db, person.number))!;
  const open = (await applicationsOf(db, person.person!)).find(
    ({ kind, member, state }) =>
      kind === 'renewal' && member === person.number && state !== 'admitted' && state !== 'refused',
  );
  if (open !== undefined) throw new Problem('ALREADY_DONE');
  const read = row.tax_id === null ? undefined : taxNumberOf(row.tax_id);
  return {
    member: person.number,
    form: {
      ...(row.name_zh === null || row.name_en === null ? {} : { name: { zh: row.name_zh, en: row.name_en } }),
      ...(read === undefined || 'fault' in read
        ? {}
        : { number: { kind: 'uscc' as const, value: read.number } }),
    },
  };
}

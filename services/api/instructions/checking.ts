/** Over HTTP, for those who check: the sheet, refusing, taking back, starting over, and what they say to each other. */
import { isOfImport } from '#db/imports/issue.ts';
import { closeInstruction } from '#db/instructions/collect.ts';
import { addComment, commentsOf } from '#db/instructions/comments.ts';
import { PLATFORM_NUMBER } from '#db/access/access.ts';
import type { Origin } from '#db/audit/write.ts';
import type { InstructionInput } from '#domain/instructions/instructions.ts';
import { Problem } from '#domain/problems.ts';
import { at } from '../access/at.ts';
import { ownViewer } from '../access/person.ts';
import { originOf } from '../audit/origin.ts';
import type { App, MemberPerson } from '../app-types.ts';
import { partyOf } from '../operator/party.ts';
import { refused } from '../problems/refused.ts';
import { draftAgain } from '../operator/again.ts';
import { prepare, storeDraft, VALID_FOR, type StoredInput } from './prepare.ts';
import { commentView, sheetOf } from './sheet.ts';
import { ownInstruction, requireOpen } from './submit.ts';
import { instructionViews, preparedView } from './view.ts';

export function registerChecking(app: App): void {
  const { services } = app;
  const { db, deployment, clock } = services;

  /** Throws NOT_FOUND, INSTRUCTION_CLOSED, INSTRUCTION_EXPIRED, or ALREADY_DONE for what is on its way. */
  const close = async (
    by: MemberPerson,
    id: string,
    state: 'refused' | 'withdrawn',
    reason: string | null,
    origin: Origin,
  ) => {
    const act = await ownInstruction(services, by, id);
    requireOpen(act, await clock.now());
    const mayWithdraw = act.prepared_by === (by.person ?? null) || by.rights.includes('administer');
    if (state === 'withdrawn' && !mayWithdraw) throw new Problem('RIGHT_REQUIRED');
    const closed = await closeInstruction(db, ownViewer(by), id, {
      state,
      by: by.person ?? null,
      reason,
      audited: {
        ...origin,
        action: state === 'refused' ? 'refused' : 'givenUp',
        subject: `instruction:${id}`,
        facts: { type: act.type },
      },
    });
    if (closed === undefined) throw new Problem('ALREADY_DONE');
    return (await instructionViews(services, [closed]))[0]!;
  };

  app.route({
    ...at('getInstructionSheet'),
    handler: async (request) => sheetOf(services, await partyOf(services, request), request.params.id),
  });

  app.route({
    ...at('refuseInstruction'),
    handler: async (request) => {
      const { params, body } = request;
      return close(
        await partyOf(services, request),
        params.id,
        'refused',
        body.reason.trim(),
        originOf(request),
      );
    },
  });

  app.route({
    ...at('withdrawInstruction'),
    handler: async (request) =>
      close(await partyOf(services, request), request.params.id, 'withdrawn', null, originOf(request)),
  });

  /** What was bound to rows of an import is prepared from them again: they know what became of it. */
  app.route({
    ...at('prepareAgain'),
    handler: async (request, reply) => {
      const by = await partyOf(services, request);
      const act = await ownInstruction(services, by, request.params.id);
      const isExpired = act.state === 'prepared' && act.valid_until! < BigInt(await clock.now());
      if (!isExpired && !['failed', 'refused', 'withdrawn'].includes(act.state))
        throw refused('INSTRUCTION_GOES_ON');
      if (await isOfImport(db, ownViewer(by), act.id)) throw refused('INSTRUCTION_OF_IMPORT');
      const origin = originOf(request);
      const asked = act.input as StoredInput;
      const isOwn = by.number === PLATFORM_NUMBER || asked.type === 'giveSignature';
      const prepared = isOwn
        ? await storeDraft(services, by, asked, await draftAgain(services, by, asked), {
            validFor: VALID_FOR,
            origin,
          })
        : await prepare(services, by, asked as InstructionInput, origin);
      const { instruction, policy, documents } = prepared;
      return reply.status(201).send({
        ...preparedView(instruction, deployment, policy),
        ...(documents === undefined ? {} : { documents: [...documents] }),
      });
    },
  });

  const comments = async (by: MemberPerson, id: string) => ({
    items: (await commentsOf(db, ownViewer(by), id)).map(commentView),
  });

  app.route({
    ...at('listInstructionComments'),
    handler: async (request) => {
      const by = await partyOf(services, request);
      const { id } = await ownInstruction(services, by, request.params.id);
      return comments(by, id);
    },
  });

  app.route({
    ...at('addInstructionComment'),
    handler: async (request, reply) => {
      const by = await partyOf(services, request);
      const act = await ownInstruction(services, by, request.params.id);
      const comment = { person: by.person ?? null, text: request.body.text.trim() };
      await addComment(db, ownViewer(by), act, comment, {
        ...originOf(request),
        action: 'commented',
        subject: `instruction:${act.id}`,
      });
      return reply.status(201).send(await comments(by, act.id));
    },
  });
}

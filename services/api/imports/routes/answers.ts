/** Answers to the questions of an import, cells put right, and credit notes confirmed: it is read again. */
import { refuseRows } from '#db/imports/issue.ts';
import { mergeCorrections } from '#domain/imports/corrections.ts';
import { errorAt, type Refusal } from '#domain/imports/errors.ts';
import { at } from '../../access/at.ts';
import { memberOf } from '../../access/rules.ts';
import type { App } from '../../app-types.ts';
import { checkCorrections, givenOf } from '../answers.ts';
import { changeCredits } from '../credits.ts';
import { auditImport, importOf, previewOf, reread } from '../own.ts';
import type { Given } from '../read.ts';

export function registerAnswers(app: App): void {
  const { services } = app;
  const { db, deployment } = services;
  const { currency } = deployment;

  app.route({
    ...at('patchImport'),
    handler: async (request) => {
      const by = memberOf(request);
      const { id } = request.params;
      using place = services.uploads.place(by.number);
      await place.turn();
      const found = await importOf(services, by, id);
      const { corrections = [], ...body } = request.body;
      await checkCorrections(services, by, id, found, corrections);
      const { given: before } = found;
      const stated = givenOf(body);
      const isOtherTable = stated.sheet !== undefined && stated.sheet !== found.reading.sheet;
      const given: Given = {
        ...before,
        ...stated,
        mapping: { ...before.mapping, ...stated.mapping },
        formats: { ...before.formats, ...stated.formats },
        // Rows of another sheet are others.
        corrections: isOtherTable ? {} : mergeCorrections(before.corrections, corrections),
      };
      const how = corrections.length > 0 ? 'corrected' : 'answered';
      await reread(services, by, id, given, { stated, audited: auditImport(request, 'importChanged', how) });
      return previewOf(services, by, id);
    },
  });

  app.route({
    ...at('changeImportCredits'),
    handler: async (request) => {
      const by = memberOf(request);
      const { id } = request.params;
      using place = services.uploads.place(by.number);
      await place.turn();
      const { given } = await importOf(services, by, id);
      let refused = new Map<number, Refusal>();
      const how = request.body.count ? 'credits confirmed' : 'credits taken back';
      await reread(services, by, id, given, {
        audited: auditImport(request, 'importChanged', how),
        before: async (trx) => {
          refused = await changeCredits(trx, { id, member: by.number, currency }, request.body);
        },
      });
      await refuseRows(
        db,
        by.viewer,
        id,
        [...refused].map(([row, refusal]) => {
          const { column, code, message, value } = errorAt(refusal, row, undefined, '');
          return { row, error: { column, code, message, value } };
        }),
      );
      return previewOf(services, by, id);
    },
  });
}

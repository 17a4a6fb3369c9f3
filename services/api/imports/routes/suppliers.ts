/** Whom the names in the files of a member mean. */
import type { Trx } from '#db/access/access.ts';
import { forgetAlias, listAliases } from '#db/imports/memory.ts';
import { listUnknownSuppliers } from '#db/imports/own.ts';
import { Problem } from '#domain/problems.ts';
import { at } from '../../access/at.ts';
import { memberOf } from '../../access/rules.ts';
import type { App } from '../../app-types.ts';
import { keyOf } from '../directory.ts';
import { mostAlike, nameSuppliers, type Choice } from '../memory.ts';
import { auditImport, importOf, previewOf, reread } from '../own.ts';
import { aliasView, unknownSupplierView } from '../views.ts';

/** Names that are shown to be answered. */
const NAMES = 100;

export function registerSuppliers(app: App): void {
  const { services } = app;
  const { db, names, deployment } = services;
  const { currency } = deployment;

  app.route({
    ...at('listImportSuppliers'),
    handler: async (request) => {
      const by = memberOf(request);
      const { id } = request.params;
      await importOf(services, by, id);
      const found = await listUnknownSuppliers(db, by.viewer, id, NAMES + 1);
      const unknown = found.slice(0, NAMES);
      const alike = await mostAlike(services, by.number, unknown);
      const ref = await names.of(alike.flat());
      return {
        items: unknown.map((each, n) => unknownSupplierView(each, alike[n]!.map(ref), currency)),
        more: found.length > NAMES,
      };
    },
  });

  app.route({
    ...at('nameImportSuppliers'),
    handler: async (request) => {
      const by = memberOf(request);
      const { id } = request.params;
      using place = services.uploads.place(by.number);
      await place.turn();
      const { given } = await importOf(services, by, id);
      const choices: readonly Choice[] = request.body.suppliers;
      const before = (trx: Trx) => nameSuppliers(services, { trx, member: by.number }, choices);
      await reread(services, by, id, given, {
        before,
        audited: auditImport(request, 'importChanged', 'suppliers named'),
      });
      return previewOf(services, by, id);
    },
  });

  app.route({
    ...at('listSupplierAliases'),
    handler: async (request) => {
      const aliases = await listAliases(db, memberOf(request).viewer);
      const ref = await names.of(aliases.map(({ supplier }) => supplier));
      return { items: aliases.map((alias) => aliasView(alias, ref)) };
    },
  });

  app.route({
    ...at('forgetSupplierAlias'),
    handler: async (request, reply) => {
      const { viewer } = memberOf(request);
      if (!(await forgetAlias(db, viewer, keyOf(request.query.name)))) throw new Problem('NOT_FOUND');
      return reply.status(204).send(null);
    },
  });
}

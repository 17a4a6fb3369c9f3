/** The systems of a firm. */
import { recordAudit } from '#db/audit/write.ts';
import type { AuditAction } from '#domain/audit/actions.ts';
import {
  changeWebhook,
  deleteWebhook,
  deliveriesOf,
  makeWebhook,
  MOST_WEBHOOKS,
  rotateWebhook,
  testWebhook,
  webhooksOf,
} from '#db/notices/webhooks.ts';
import { FIRM_KINDS } from '#domain/notices/notices.ts';
import { faultOfWebhookUrl } from '#domain/notices/webhook-url.ts';
import { Problem } from '#domain/problems.ts';
import { at } from '../../access/at.ts';
import { memberOf } from '../../access/rules.ts';
import { originOf } from '../../audit/origin.ts';
import type { App } from '../../app-types.ts';
import { pageOf } from '../../lists/lists.ts';
import { deliveryView, webhookView } from '../views.ts';

type Asked = Parameters<typeof originOf>[0];

export function registerWebhooks(app: App): void {
  const { db, demo, webhookKey } = app.services;
  const key = (): Buffer => {
    if (webhookKey === undefined) throw new Problem('UNAVAILABLE');
    return webhookKey;
  };
  const requireUrl = (url: string | undefined): void => {
    const fault = url === undefined ? undefined : faultOfWebhookUrl(url, demo);
    if (fault !== undefined) throw new Problem('REQUEST_INVALID', fault);
  };
  const found = <T>(value: T | undefined): T => {
    if (value === undefined) throw new Problem('NOT_FOUND');
    return value;
  };
  const note = (request: Asked, action: AuditAction, id: string) =>
    recordAudit(db, { ...originOf(request), action, subject: `webhook:${id}` });

  app.route({
    ...at('listWebhooks'),
    handler: async (request) => ({
      items: (await webhooksOf(db, memberOf(request).number)).map(webhookView),
      kinds: [...FIRM_KINDS],
    }),
  });

  app.route({
    ...at('makeWebhook'),
    handler: async (request, reply) => {
      const { number, person } = memberOf(request);
      requireUrl(request.body.url);
      const made = await makeWebhook(db, key(), number, person ?? null, request.body);
      if (made === undefined)
        throw new Problem('REQUEST_INVALID', {
          zh: `最多 ${MOST_WEBHOOKS} 个推送地址`,
          en: `A firm has ${MOST_WEBHOOKS} webhooks at most`,
        });
      await note(request, 'webhookMade', made.webhook.id);
      return reply.status(201).send({ secret: made.secret, webhook: webhookView(made.webhook) });
    },
  });

  app.route({
    ...at('changeWebhook'),
    handler: async (request) => {
      const { number } = memberOf(request);
      const { id } = request.params;
      requireUrl(request.body.url);
      const changed = found(await changeWebhook(db, number, id, request.body, new Date()));
      await note(request, 'webhookChanged', id);
      return webhookView(changed);
    },
  });

  app.route({
    ...at('deleteWebhook'),
    handler: async (request, reply) => {
      const { number } = memberOf(request);
      if (!(await deleteWebhook(db, number, request.params.id))) throw new Problem('NOT_FOUND');
      await note(request, 'webhookDeleted', request.params.id);
      return reply.status(204).send(null);
    },
  });

  app.route({
    ...at('rotateWebhook'),
    handler: async (request) => {
      const { number } = memberOf(request);
      const { id } = request.params;
      const { secret, webhook } = found(await rotateWebhook(db, key(), number, id, new Date()));
      await note(request, 'webhookChanged', id);
      return { secret, webhook: webhookView(webhook) };
    },
  });

  app.route({
    ...at('testWebhook'),
    handler: async (request, reply) => {
      const { number } = memberOf(request);
      if (!(await testWebhook(db, number, request.params.id, new Date()))) throw new Problem('NOT_FOUND');
      return reply.status(204).send(null);
    },
  });

  app.route({
    ...at('listDeliveries'),
    handler: async (request) => {
      const { number } = memberOf(request);
      const { id } = request.params;
      return pageOf(
        request.query,
        ['deliveries', number, id],
        ['uuid'],
        async (page) => found(await deliveriesOf(db, number, id, page)),
        (rows) => rows.map(deliveryView),
      );
    },
  });
}

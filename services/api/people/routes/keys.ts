/** Keys of a firm's systems. */
import { isIP } from 'node:net';
import { recordAudit } from '#db/audit/write.ts';
import { SYSTEM, transact } from '#db/access/access.ts';
import { apiKeysOf, makeApiKey, revokeApiKey } from '#db/people/api-keys.ts';
import { Problem } from '#domain/problems.ts';
import { at } from '../../access/at.ts';
import { memberOf } from '../../access/rules.ts';
import type { App } from '../../app-types.ts';
import { originOf } from '../../audit/origin.ts';
import { apiKeyView } from '../views.ts';

const DAY_MS = 86_400_000;

export function registerKeys(app: App): void {
  const { services } = app;
  const { db, visitors } = services;

  app.route({
    ...at('listApiKeys'),
    handler: async (request) => ({
      items: (await apiKeysOf(db, memberOf(request).number)).map(apiKeyView),
    }),
  });

  app.route({
    ...at('makeApiKey'),
    handler: async (request, reply) => {
      const { number, person, rights: own } = memberOf(request);
      const { name, rights, ranges, days } = request.body;
      // Nobody gives a machine what he may not do himself.
      if (rights.some((right) => !own.includes(right))) throw new Problem('RIGHT_REQUIRED');
      const wrong = ranges.find((range) => !isCidr(range));
      if (wrong !== undefined) {
        throw new Problem('REQUEST_INVALID', {
          zh: `“${wrong}”不是地址段（如 10.0.0.0/8）`,
          en: `"${wrong}" is not a range of addresses, like 10.0.0.0/8`,
        });
      }
      const expiresAt = new Date(Date.now() + days * DAY_MS);
      const made = await transact(db, SYSTEM, async (trx) => {
        const fresh = await makeApiKey(trx, number, person ?? null, { name, rights, ranges, expiresAt });
        await recordAudit(trx, {
          ...originOf(request),
          action: 'apiKeyMade',
          subject: `key:${fresh.key.id}`,
          facts: { name, rights: rights.join(' '), ranges: ranges.join(' ') },
        });
        return fresh;
      });
      return reply.status(201).send({ secret: made.secret, key: apiKeyView(made.key) });
    },
  });

  app.route({
    ...at('revokeApiKey'),
    handler: async (request, reply) => {
      const { number } = memberOf(request);
      const { id } = request.params;
      await transact(db, SYSTEM, async (trx) => {
        if (!(await revokeApiKey(trx, number, id, new Date()))) throw new Problem('NOT_FOUND');
        await recordAudit(trx, { ...originOf(request), action: 'apiKeyRevoked', subject: `key:${id}` });
      });
      visitors.forget();
      return reply.status(204).send(null);
    },
  });
}

/** An address, a slash, and how many bits of it count. */
function isCidr(range: string): boolean {
  const [address = '', bits = '', ...rest] = range.split('/');
  const version = isIP(address);
  return (
    version !== 0 && rest.length === 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= (version === 6 ? 128 : 32)
  );
}

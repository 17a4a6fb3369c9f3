/** Where chain, read model and clock are. */
import type { Deployment } from '#chain/deployment.ts';
import { addDays, instantOf, legalDateOf } from '#domain/dates.ts';
import { nextDue } from '#db/bills/read.ts';

import { readModelStatus } from '#db/status/read.ts';
import type { App } from '../app-types.ts';
import { isoOf } from '../clock.ts';
import { lookAt, newestBlock, requireReady, standsStillSince } from './health.ts';
import { API_VERSION } from '../plugins/external/swagger.ts';
import { at } from '../access/at.ts';
import { recordAudit } from '#db/audit/write.ts';
import { originOf } from '../audit/origin.ts';
import { refused } from '../problems/refused.ts';

/** Seconds from the beginning of a date to when banks and firms work. */
const MORNING = 10 * 3_600;
/** What signers have to know of the deployment. */
const pick = (addresses: Deployment['addresses']) => {
  const { bills, lines, cash, desk, rulebook, orgAccountFactory, p256Verifier } = addresses;
  const { webAuthnVerifier, sm2Verifier } = addresses;
  return {
    ...{ bills, lines, cash, desk, rulebook, orgAccountFactory, p256Verifier },
    ...(webAuthnVerifier === undefined ? {} : { webAuthnVerifier }),
    ...(sm2Verifier === undefined ? {} : { sm2Verifier }),
  };
};

export function registerStatus(app: App): void {
  const { db, provider, deployment, clock, demo, moveClock, blockAgeLimit, site } = app.services;

  app.route({
    ...at('getStatus'),
    handler: async () => {
      const [newest, now, status] = await Promise.all([
        newestBlock(provider),
        clock.now(),
        readModelStatus(db),
      ]);
      const since = standsStillSince(newest.madeAt, blockAgeLimit);
      return {
        chainId: deployment.chainId,
        chainHead: newest.number,
        chainHeadAt: isoOf(newest.madeAt),
        standsStillSince: since === null ? null : isoOf(since),
        indexed: Number(status?.indexed ?? 0n),
        proved: status?.proved == null ? null : Number(status.proved),
        stopped: status?.stopped != null,
        clock: legalDateOf(now),
        now: isoOf(now),
        currency: deployment.currency,
        demo,
        origin: site.origin,
        clockMoves: moveClock !== undefined,
        contracts: pick(deployment.addresses),
        version: API_VERSION,
      };
    },
  });

  if (moveClock !== undefined) {
    app.route({
      ...at('moveClock'),
      handler: async (request) => {
        const { body } = request;
        const today = await clock.today();
        const date = body.to === 'next_day' ? addDays(today, 1) : await nextDue(db, today);
        if (date === undefined) throw refused('NO_BILL_DUE');
        await moveClock(instantOf(date) + MORNING);
        await recordAudit(db, { ...originOf(request), action: 'clockMoved', facts: { to: date } });
        const now = await clock.now();
        return { clock: legalDateOf(now), now: isoOf(now) };
      },
    });
  }

  app.route({ ...at('getHealth'), handler: () => ({ status: 'ok' as const }) });

  app.route({
    ...at('getReady'),
    handler: async () => {
      return { status: 'ready' as const, ...requireReady(await lookAt(app.services), blockAgeLimit) };
    },
  });
}

/** What the relayer has to do, to look at. */
import { queueLengths } from '#db/instructions/own.ts';
import { listQueuedInstructions, listSenders, oldestWaiting } from '#db/instructions/relayer-view.ts';
import { filtersOf, pageOf } from '../lists/lists.ts';
import type { App } from '../app-types.ts';
import { getAddress } from 'ethers';
import { PLATFORM_NUMBER } from '#db/access/access.ts';
import { toHex } from '#db/wire/bytes.ts';
import { at } from '../access/at.ts';

export function registerOperator(app: App): void {
  const { services } = app;

  app.route({
    ...at('getRelayer'),
    handler: async () => {
      const { db } = services;
      const [lengths, senders, waiting] = await Promise.all([
        queueLengths(db),
        listSenders(db),
        oldestWaiting(db),
      ]);
      return {
        ...lengths,
        waitingSince: waiting?.toISOString() ?? null,
        senders: senders.map(({ address, next_nonce, open }) => ({
          address: getAddress(toHex(address)),
          nonce: String(next_nonce),
          open: Number(open),
        })),
      };
    },
  });

  app.route({
    ...at('listRelayerInstructions'),
    handler: async ({ query }) =>
      pageOf(
        query,
        ['relayer instructions', filtersOf(query)],
        ['uuid'],
        (page) => listQueuedInstructions(services.db, query.state, page),
        async (rows) => {
          const ref = await services.names.of(rows.map(({ member }) => member));
          return rows.map((act) => ({
            id: act.id,
            type: act.type,
            member: act.member === null || act.member === PLATFORM_NUMBER ? null : ref(act.member),
            signedBy: act.signed_by as 'firm' | 'keeper' | 'operator',
            state: act.state,
            submittedAt: act.submitted_at?.toISOString() ?? null,
            code: act.code,
            tx: act.tx_hash === null ? null : toHex(act.tx_hash),
            attempts: Number(act.attempts),
          }));
        },
      ),
  });
}

/**
 * What follows when the ledger has admitted a firm: its people have their seats, who invited it knows it under the name of its
 * books. Found by the hash of the identity, so it does not matter who signed the admission, or which process saw it through.
 */
import { SYSTEM, transact } from '#db/access/access.ts';
import { factsOfLink } from '#db/applications/invitations.ts';
import { findApplication, inLedger, lockApplication, move, noteMember } from '#db/applications/own.ts';
import { peopleOf } from '#db/applications/people.ts';
import { putAliases } from '#db/imports/memory.ts';
import { giveSeat } from '#db/people/persons.ts';
import type { App } from '../app-types.ts';
import { keyOf } from '../imports/directory.ts';
import type { Services } from '../services.ts';

type Wanted = Pick<Services, 'db' | 'visitors'>;

export async function settleAdmissions({ db, visitors }: Wanted): Promise<void> {
  for (const { id, member } of await transact(db, SYSTEM, inLedger)) {
    await rememberName({ db }, id, member);
    await transact(db, SYSTEM, async (trx) => {
      const application = await lockApplication(trx, id);
      if (application?.state !== 'verified') return;
      await noteMember(trx, id, member);
      if (application.kind === 'admission')
        for (const { person, rights } of await peopleOf(trx, id))
          await giveSeat(trx, person, { member, rights });
      await move(trx, id, 'admit');
    });
    visitors.forget();
  }
}

/** Before the rest, and as often as it takes. */
async function rememberName({ db }: Pick<Services, 'db'>, id: string, supplier: number): Promise<void> {
  const application = await findApplication(db, id);
  const { linkId = null, invitedBy: member = null } = application ?? {};
  if (linkId === null || member === null) return;
  const name = (await factsOfLink(db, linkId))?.alias;
  if (name === undefined || name === '') return;
  await transact(db, { member, seesAll: false }, (trx) =>
    putAliases(trx, member, [{ key: keyOf(name), name, supplier }]),
  );
}

/** With each block, and after each time when notices may have been missed. */
export function settleWithBlocks(app: App): void {
  const { services } = app;
  const { announcements, log } = services;
  let running: Promise<void> | undefined;
  let isAskedAgain = false;
  const settle = async (): Promise<void> => {
    do {
      isAskedAgain = false;
      await settleAdmissions(services).catch((error: unknown) =>
        log.error({ err: error }, 'admissions were not settled; the next block tries again'),
      );
    } while (isAskedAgain);
    running = undefined;
  };
  const wake = (): void => {
    if (running === undefined) running = settle();
    else isAskedAgain = true;
  };
  const stop = announcements.subscribe(({ type }) => {
    if (type === 'block' || type === 'resumed') wake();
  });
  app.addHook('onReady', async () => wake());
  app.addHook('onClose', async () => {
    stop();
    await running;
  });
}

/** People: registering and signing in, devices, sessions, seats, and the keys of a firm's systems. */
import { firmRoutes } from './schema/firm.ts';
import { mineRoutes } from './schema/mine.ts';
import { signInRoutes } from './schema/sign-in.ts';

export { SignatureFor } from './schema/firm.ts';
export { OwnSignerInput } from './schema/mine.ts';
export { SeatView } from './schema/sign-in.ts';
export { Email, LinkMade, PersonName, PersonView, Right, Rights } from './schema/words.ts';

export const peopleRoutes = { ...signInRoutes, ...mineRoutes, ...firmRoutes };

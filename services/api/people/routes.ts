/** People: registering and signing in, what is one's own, and what is the firm's. */
import type { App } from '../app-types.ts';
import { registerFirm } from './routes/firm.ts';
import { registerKeys } from './routes/keys.ts';
import { registerMine } from './routes/mine.ts';
import { registerSignIn } from './routes/sign-in.ts';

export function registerPeople(app: App): void {
  registerSignIn(app);
  registerMine(app);
  registerFirm(app);
  registerKeys(app);
}

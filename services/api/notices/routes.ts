/** Notices: inbox, preferences, webhooks. */
import type { App } from '../app-types.ts';
import { registerInbox } from './routes/inbox.ts';
import { registerPreferences } from './routes/preferences.ts';
import { registerWebhooks } from './routes/webhooks.ts';

export function registerNotices(app: App): void {
  registerInbox(app);
  registerPreferences(app);
  registerWebhooks(app);
}

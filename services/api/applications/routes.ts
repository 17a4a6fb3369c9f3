/** Applications: what their people do, and what the platform does with them. */
import type { App } from '../app-types.ts';
import { registerAccount } from './routes/account.ts';
import { registerApplicationDocuments } from './routes/documents.ts';
import { registerForms } from './routes/forms.ts';
import { registerApplicationPeople } from './routes/people.ts';
import { registerReview } from './routes/review.ts';
import { settleWithBlocks } from './settle.ts';

export function registerApplications(app: App): void {
  registerForms(app);
  registerApplicationDocuments(app);
  registerApplicationPeople(app);
  registerAccount(app);
  registerReview(app);
  settleWithBlocks(app);
}

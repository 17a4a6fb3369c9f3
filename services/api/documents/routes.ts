/** Documents of bills for those who are entitled: ADR 33. */
import type { App } from '../app-types.ts';
import { registerAttached } from './attached.ts';
import { registerRemoval } from './removal.ts';
import { registerDocumentKeys } from './keys.ts';
import { registerSight } from './sight.ts';

export function registerDocuments(app: App): void {
  registerDocumentKeys(app);
  registerAttached(app);
  registerRemoval(app);
  registerSight(app);
}

/** Imports: the routes are in routes/, by what a member does. */
import type { App } from '../app-types.ts';
import { registerAnswers } from './routes/answers.ts';
import { registerBatches } from './routes/bills.ts';
import { registerFiles } from './routes/files.ts';
import { registerSuppliers } from './routes/suppliers.ts';

export function registerImports(app: App): void {
  registerFiles(app);
  registerAnswers(app);
  registerSuppliers(app);
  registerBatches(app);
}

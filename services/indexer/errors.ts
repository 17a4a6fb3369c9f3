import { NoAnswer } from '#chain/post-json.ts';
import { isTransient } from '#db/wire/failures.ts';

/** The same work may succeed later: the node says what cannot be so, or the chain moved while we read it. */
export class Retry extends Error {}

/** What to do after an error: try again, or stop, because the same blocks will fail in the same way again. */
export const isRetry = (error: unknown): boolean =>
  error instanceof Retry ||
  error instanceof NoAnswer ||
  isTransient(error) ||
  (error instanceof Error && isRetryCause(error.cause));

const isRetryCause = (cause: unknown): boolean => cause !== undefined && isRetry(cause);

export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const own = error.message || (error as { code?: string }).code || error.name;
  return error.cause === undefined ? own : `${own}: ${messageOf(error.cause)}`;
}

/**
 * Whether the database could not be reached, went away, or asks for another try (deadlock, serialisation): the same work
 * may succeed later. Everything else that it answers is about the work itself.
 */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as { code?: string };
  if (code !== undefined) return TRANSIENT.test(code);
  return /^(Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect)/.test(
    error.message,
  );
}

/** Classes of SQLSTATE (08 connection, 40 rollback, 53 resources, 57P0x shutdown) and of the network. */
const TRANSIENT =
  /^(08...|40...|53...|57P0.|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)$/;

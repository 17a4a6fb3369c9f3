/** Whether a member may act. */

type Standing = { readonly suspended: boolean; readonly credential_expiry: bigint | null };

/** @param now Instant (seconds). A credential without an expiry (null) does not end. */
export const isActive = ({ suspended, credential_expiry }: Standing, now: number): boolean =>
  !suspended && (credential_expiry === null || BigInt(now) < credential_expiry);

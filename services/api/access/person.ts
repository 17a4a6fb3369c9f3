/** Who a request comes from. */
import type { Viewer } from '#db/access/access.ts';

/** Who has a session; its name here is the token's hash. */
export type KnownPerson =
  | { readonly kind: 'operator'; readonly session: string; readonly expiresAt: Date }
  | {
      readonly kind: 'member';
      readonly session: string;
      readonly number: number;
      /** Set of ROLE_BITS. */
      readonly roles: number;
      readonly account: string;
      readonly viewer: Viewer;
      readonly expiresAt: Date;
    };
/** Who asks. */
export type Person = { readonly kind: 'nobody' } | KnownPerson;
export type MemberPerson = Extract<Person, { kind: 'member' }>;

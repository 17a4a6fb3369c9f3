/** Who a request comes from. */
import type { Viewer } from '#db/access/access.ts';
import type { Right } from '#domain/people/rights.ts';

type Known = {
  /** Its name here: the hash of the token. */
  readonly session: string;
  /** By which its owner lists and closes it; undefined for a key of a firm's system. */
  readonly sessionId: string | undefined;
  /** undefined: a visitor of the demonstration, or a firm's system. */
  readonly person: string | undefined;
  readonly rights: readonly Right[];
  /** When it was last proven who this is. */
  readonly openedAt: Date;
  readonly expiresAt: Date;
  /** CIDR: where it may come from; undefined: from anywhere. */
  readonly ranges?: readonly string[];
};

/** Who has a session or a key. */
export type KnownPerson = Known &
  (
    | { readonly kind: 'operator' }
    /** Signed in, and without a seat anywhere, or before one is taken. */
    | { readonly kind: 'person' }
    | {
        readonly kind: 'member';
        readonly number: number;
        /** Set of ROLE_BITS. */
        readonly roles: number;
        readonly account: string;
        /** Account of the branch at which the seat is (hex); undefined: at the head office. */
        readonly branch?: string | undefined;
        readonly viewer: Viewer;
      }
  );
/** Who asks. */
export type Person = { readonly kind: 'nobody' } | KnownPerson;
export type MemberPerson = Extract<Person, { kind: 'member' }>;

/** Sees what is the firm's own, as far as its seat shows it; not what a regulator sees of others. */
export const ownViewer = ({ number: member, branch }: Pick<MemberPerson, 'number' | 'branch'>): Viewer => ({
  ...{ member, seesAll: false },
  branch,
});

/** All kinds of notices, and what one says: facts are kept, sentences are made here. */
import type { Text } from '../problems.ts';
import { firmKinds } from './firm.ts';
import { GROUPS, type Group, type KindDefinition, type Words } from './kind.ts';
import { tradeKinds } from './trade.ts';

export { GROUPS, type Group, type Words } from './kind.ts';

export const kinds = { ...tradeKinds, ...firmKinds } as const;
export type Kind = keyof typeof kinds;
export type FactsOf<K extends Kind> = (typeof kinds)[K] extends KindDefinition<infer Facts> ? Facts : never;

export const KINDS = Object.keys(kinds) as readonly Kind[];
export const GROUP_NAMES = Object.keys(GROUPS) as readonly Group[];
/** What an inbox shows. */
export const SHOWN_KINDS: readonly Kind[] = KINDS.filter((name) => kinds[name].isOnlySent !== true);
/** What systems of a firm can ask for: not what is told to one person. */
export const FIRM_KINDS: readonly Kind[] = SHOWN_KINDS.filter((name) => kinds[name].right !== undefined);
export const kindsOf = (group: Group): Kind[] => SHOWN_KINDS.filter((name) => kinds[name].group === group);
export const isKind = (name: string): name is Kind => Object.hasOwn(kinds, name);

/** To whom: a firm, the platform, or one person, who may be told something about a firm. */
export type Told =
  | {
      readonly member: number | null;
      readonly person?: undefined;
      /** Account of the branch to whose people it is told, and to the head office; null, or left out: to all. */
      readonly branch?: string | null;
    }
  | { readonly person: string; readonly member?: number | null };

/** Something that happened, once: `key` is told one time, whoever tells it how often. */
export type Notice = {
  [K in Kind]: {
    readonly kind: K;
    readonly key: string;
    readonly to: Told;
    readonly facts: FactsOf<K>;
    /** When it happened; now if left out. */
    readonly at?: Date;
    /** The block that says so. */
    readonly block?: { readonly number: bigint; readonly hash: Buffer };
  };
}[Kind];

/** As it comes out of the database, which knows no types. */
export type Kept = { readonly kind: string; readonly facts: unknown };
type Any = KindDefinition<unknown>;
const definitionOf = ({ kind }: Kept): Any | undefined =>
  isKind(kind) ? (kinds[kind] as unknown as Any) : undefined;

/** A kind that this version does not know (an older process beside a newer one) says that something happened. */
const UNKNOWN: Text = { zh: '有新通知', en: 'There is news' };

export const titleOf = (notice: Kept): Text => definitionOf(notice)?.title ?? UNKNOWN;
export const sentenceOf = (notice: Kept, words: Words): Text =>
  definitionOf(notice)?.sentence(notice.facts, words) ?? UNKNOWN;
export const pathOf = (notice: Kept): string => definitionOf(notice)?.path(notice.facts) ?? '/notices';
export const groupOf = (notice: Kept): Group => definitionOf(notice)?.group ?? 'firm';

/** Members that its sentence names. */
export const membersIn = ({ facts }: Kept): number[] => {
  const { other } = facts as { other?: unknown };
  return typeof other === 'number' ? [other] : [];
};

/** What a person may do in the name of a firm, or of the platform: the API's fence. What is signed is the chain's to judge. */

export const RIGHTS = ['see', 'prepare', 'sign', 'administer'] as const;
export type Right = (typeof RIGHTS)[number];

/** Lowest first, each once: as they are stored. */
export const inOrder = (rights: readonly Right[]): Right[] =>
  RIGHTS.filter((right) => rights.includes(right));

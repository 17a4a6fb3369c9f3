/** Words of a glossary, each with the tone that it is shown in. */
export type Tone = 'plain' | 'accent' | 'good' | 'warn' | 'bad';
type Words<Name extends string> = Record<Name, readonly [label: () => string, tone: Tone]>;
export type Word = { label: string; tone: Tone };

export const reader =
  <Name extends string>(words: Words<Name>) =>
  (name: Name): Word => ({ label: words[name][0](), tone: words[name][1] });

/** A word for each name of a list. */
export const one =
  <Name extends string>(words: Record<Name, () => string>) =>
  (name: Name): string =>
    words[name]();

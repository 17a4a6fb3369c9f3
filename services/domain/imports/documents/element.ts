/** XML as it was read: names without prefixes, text without the blanks around it. */
export type Element = {
  readonly name: string;
  /** Namespace; empty when it has none. */
  readonly space: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Element[];
  readonly text: string;
};

/** A text of a document, and the element in which it stands: what a row and a column are to a table. */
export type Found = {
  readonly text: string;
  readonly place: string;
  readonly attributes: Readonly<Record<string, string>>;
};

/** All elements at a path such as "TaxTotal/TaxAmount", in order. */
export function elementsAt(root: Element, path: string): Element[] {
  return path
    .split('/')
    .reduce<Element[]>(
      (parents, name) => parents.flatMap(({ children }) => children.filter((child) => child.name === name)),
      [root],
    );
}

/** The texts at the paths, in their order; what is empty is not there. */
export const findAll = (root: Element, ...paths: readonly string[]): Found[] =>
  paths.flatMap((path) =>
    elementsAt(root, path)
      .filter(({ text }) => text !== '')
      .map(({ text, attributes }) => ({ text, place: path, attributes })),
  );

export const find = (root: Element, ...paths: readonly string[]): Found | undefined =>
  findAll(root, ...paths)[0];

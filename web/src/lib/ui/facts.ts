/** A line of a list of facts: what, and how much. */
export type Fact = {
  label: string;
  value: string;
  href?: string | undefined;
  strong?: boolean;
  tone?: 'good' | 'bad';
};

/** What keys do within a page: its search, its rows one after the other. Loaded at the first such key. */

const ROWS = 'main table.data tbody tr[data-row], main [data-inbox] li';
const FOCUSABLE = 'a[href], button:not(:disabled), input:not(:disabled)';

/** Whether the page has a search; it then has the focus. */
export function focusSearch(): boolean {
  const search = document.querySelector<HTMLInputElement>('main input[type=search]');
  search?.focus();
  search?.select();
  return search !== null;
}

/** The row before or after the one that has the focus; at first the first. */
export function walk(by: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>(ROWS)];
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  const row = rows[at === -1 ? 0 : Math.min(rows.length - 1, Math.max(0, at + by))];
  const links = [...(row?.querySelectorAll<HTMLElement>(FOCUSABLE) ?? [])];
  (links.find((each) => each.tagName === 'A') ?? links[0])?.focus();
  row?.scrollIntoView({ block: 'nearest' });
}

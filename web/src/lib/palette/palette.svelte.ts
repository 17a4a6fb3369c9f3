import { goto as goTo } from '$app/navigation';
import { api } from '#web/api/client.ts';
import { money, text } from '#web/format.ts';
import { m } from '#web/paraglide/messages.js';
import { getLocale, setLocale } from '#web/paraglide/runtime.js';
import { roleNames } from '#web/roles.ts';
import { placesFor } from '#web/shell/places.ts';
import { Query } from '#web/state/query.svelte.ts';
import { session } from '#web/state/session.svelte.ts';
import { theme } from '#web/state/theme.svelte.ts';
import { shortBillNo } from '#web/words.ts';

export type Entry = {
  key: string;
  label: string;
  note?: string | undefined;
  /** What one types instead of looking for it here. */
  keys?: string[] | undefined;
  run: () => unknown;
};
type Group = { label: string; entries: Entry[] };

/** The page takes the place of the palette in the history. */
const goto = (href: string) => goTo(href, { replace: true });

const SHOWN = 6;
const WAIT_MS = 120;

/** Everything there is, by name: places, deeds, members and bills. */
export class PaletteState {
  typed = $state('');
  readonly #found = new Query(
    async (signal) => {
      const q = this.typed.trim();
      if (q === '') return { members: [], bills: [] };
      await new Promise((done) => setTimeout(done, WAIT_MS));
      signal.throwIfAborted();
      const isMember = session.member !== null;
      const [members, bills] = await Promise.all([
        api.members({ q, limit: SHOWN }, signal),
        isMember ? api.bills({ q, role: 'all', limit: SHOWN }, signal) : { items: [] },
      ]);
      return { members: members.items, bills: bills.items };
    },
    { keep: true, live: false },
  );

  get busy(): boolean {
    return this.#found.busy;
  }

  get groups(): Group[] {
    const { members, bills } = this.#found.value ?? { members: [], bills: [] };
    const groups = [
      { label: m.navigation(), entries: this.#fitting(this.#places) },
      {
        label: m.bills(),
        entries: bills.map((bill) => ({
          key: `bill ${bill.billNo}`,
          label: `${m.bill_named({ name: shortBillNo(bill.billNo) })} · ${text(bill.acceptor.name)} → ${text(bill.payee.name)}`,
          note: money(bill.face),
          run: () => goto(`/bills/${bill.billNo}`),
        })),
      },
      {
        label: m.members(),
        entries: members.map((member) => ({
          key: `member ${member.number}`,
          label: text(member.name),
          note: roleNames(member.roles),
          run: () => goto(session.isOperator ? `/operator?q=${member.number}` : `/members/${member.number}`),
        })),
      },
      { label: m.settings(), entries: this.#fitting(SETTINGS) },
    ];
    return groups.filter(({ entries }) => entries.length > 0);
  }

  get #places(): Entry[] {
    return placesFor(session.looker).map(({ href, label, key }) => ({
      key: href,
      label,
      keys: key ? ['g', key] : undefined,
      run: () => goto(href),
    }));
  }

  #fitting(entries: readonly Entry[]): Entry[] {
    const wanted = this.typed.trim().toLowerCase();
    return entries.filter(({ label, key }) => `${label} ${key}`.toLowerCase().includes(wanted));
  }
}

const SETTINGS: Entry[] = [
  { key: 'theme', label: m.theme_next(), run: () => theme.next() },
  {
    key: 'language',
    label: getLocale() === 'zh' ? 'English' : '中文',
    run: () => setLocale(getLocale() === 'zh' ? 'en' : 'zh'),
  },
  { key: 'design', label: m.design(), run: () => goto('/design') },
];

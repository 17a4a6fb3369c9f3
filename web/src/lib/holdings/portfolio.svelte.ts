import { api } from '#web/api/client.ts';
import type { Portfolio } from '#web/api/schema.ts';
import { sum } from '#web/format.ts';
import { Query } from '#web/state/query.svelte.ts';
import { concentrationOf, obligorsOf } from './obligors.ts';

/** What is held, by who has to pay and when. */
export class PortfolioState {
  readonly entries = new Query<Portfolio>((signal) => api.portfolio(signal));
  readonly obligors = $derived(obligorsOf(this.entries.value?.items ?? []));
  readonly months = $derived(
    (this.entries.value?.items ?? [])
      .map(({ month }) => month)
      .filter((month, at, all) => all.indexOf(month) === at)
      .sort(),
  );

  get total(): bigint {
    return sum((this.entries.value?.items ?? []).map(({ amount }) => amount));
  }

  monthTotal(month: string): bigint {
    return this.obligors.reduce((total, { months }) => total + (months.get(month) ?? 0n), 0n);
  }

  get concentration(): number {
    return concentrationOf(this.obligors.map(({ amount }) => amount));
  }
}

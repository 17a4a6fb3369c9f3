/**
 * `npm run bench -- sign-in [TIMES]`: a person signs in with a passkey, again and again, one after the other; prints how long the API
 * takes to give a challenge and to check the answer and open a session (its own time and the database's, over loopback).
 */
import { parseLegalDate } from '#domain/dates.ts';
import { startTemporaryPostgres } from '#embedded/postgres.ts';
import { openFreshNetwork } from '#scripts/fresh-network.ts';
import { Visitor } from '../../test/fixtures/visitor.ts';

export async function* bench([times = '200']: readonly string[]): AsyncGenerator<object> {
  await using stack = new AsyncDisposableStack();
  const postgres = await startTemporaryPostgres();
  stack.defer(() => postgres.close());
  const network = await openFreshNetwork(postgres, parseLegalDate('2026-03-03'));
  stack.defer(() => network.close());
  const person = new Visitor(network.apiUrl);
  await person.register('bench');
  const begins: number[] = [];
  const finishes: number[] = [];
  for (let n = 0; n < Number(times); n += 1) {
    const start = performance.now();
    const begun = await person.ask('POST', '/api/sign-in/begin', {});
    const asked = performance.now();
    const response = person.key.get((begun.body as { options: { challenge: string } }).options);
    const answered = performance.now();
    const { status } = await person.ask('POST', '/api/sign-in', { response });
    if (status !== 201) throw new Error(`signing in was answered with ${status}`);
    begins.push(asked - start);
    finishes.push(performance.now() - answered);
  }
  for (const [step, taken] of [
    ['challenge', begins],
    ['sign in', finishes],
  ] as const) {
    taken.sort((a, b) => a - b);
    const at = (share: number) => Number(taken[Math.floor((taken.length - 1) * share)]!.toFixed(1));
    yield {
      bench: 'sign-in',
      step,
      times: taken.length,
      medianMs: at(0.5),
      p95Ms: at(0.95),
      p99Ms: at(0.99),
    };
  }
}

import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';

const COUNT = Number(process.env['SM2_SIGNATURES'] ?? 300);
const SEED = process.env['SEED'] ?? '1';
/** Below this a thread is not worth its start. */
const LEAST = 1_000;

describe('SM2 in software', () => {
  it(`signs ${COUNT} times, and each signature is right (SM2_SIGNATURES=${COUNT} SEED=${SEED})`, async () => {
    const threads = Math.max(1, Math.min(availableParallelism(), Math.floor(COUNT / LEAST)));
    const began = performance.now();
    const parts = Array.from({ length: threads }, async (_, n) => {
      const count = Math.floor(COUNT / threads) + (n < COUNT % threads ? 1 : 0);
      const worker = new Worker(new URL('support/sm2-worker.ts', import.meta.url), {
        workerData: { seed: `seed ${SEED} thread ${n}`, count },
      });
      const [done] = (await once(worker, 'message')) as [number];
      return done;
    });
    const done = (await Promise.all(parts)).reduce((sum, part) => sum + part, 0);
    const seconds = (performance.now() - began) / 1_000;
    console.log(
      `SM2: ${done} signed and checked in ${threads} threads, ${Math.round(done / seconds)} a second`,
    );
    expect(done).toBe(COUNT);
  }, 86_400_000);
});

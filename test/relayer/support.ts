/** Relayers that a test starts and stops, and what they have sent. */
import { Wallet } from 'ethers';
import type { Member } from '#client/member.ts';
import type { RelayerConfig } from '#relayer/start.ts';
import { KEYS, type Ground } from '../fixtures/ground.ts';

export const SENDER = new Wallet(KEYS.relayer).address;

/** @param ground Asked for late: tests prepare it before they begin. */
export function relayersOn(ground: () => Ground) {
  const running: { close(): Promise<void> }[] = [];
  return {
    relay: async (more: Partial<RelayerConfig> = {}) => void running.push(await ground().relayer(more)),
    stopAll: async () => {
      for (const relayer of running.splice(0)) await relayer.close();
    },
    chainNonce: () => ground().provider.getTransactionCount(SENDER),
  };
}

export const balanceOf = async ({ http }: Member) =>
  Number((await http.get<{ balance: { amount: string } }>('/api/cash')).balance.amount);

/// <reference lib="dom" />
/** A wallet in a browser, as its extension puts one there: it announces itself (EIP-6963), and its key stays outside of the page. */
import type { Page } from 'playwright-core';
import type { Eip1193 } from '#client/signers/wallet.ts';

type Asked = Parameters<Eip1193['request']>[0];
type Answer =
  { readonly result: unknown } | { readonly error: { readonly code: number; readonly message: string } };

/** On each page that is opened from now on. */
export async function installWallet(page: Page, name: string, wallet: Eip1193): Promise<void> {
  await page.exposeFunction('askTestWallet', (asked: Asked): Promise<Answer> =>
    wallet.request(asked).then(
      (result) => ({ result }),
      (error: { code?: number; message: string }) => ({
        error: { code: error.code ?? -32603, message: error.message },
      }),
    ),
  );
  await page.addInitScript((name) => {
    const { askTestWallet } = window as unknown as { askTestWallet: (asked: unknown) => Promise<Answer> };
    const request = async (asked: unknown): Promise<unknown> => {
      const answer = await askTestWallet(asked);
      if ('error' in answer)
        throw Object.assign(new Error(answer.error.message), { code: answer.error.code });
      return answer.result;
    };
    const info = { uuid: crypto.randomUUID(), name, icon: 'data:image/svg+xml,', rdns: 'test.wallet' };
    const detail = Object.freeze({ info, provider: { request } });
    const announce = () => dispatchEvent(new CustomEvent('eip6963:announceProvider', { detail }));
    addEventListener('eip6963:requestProvider', announce);
    announce();
  }, name);
}

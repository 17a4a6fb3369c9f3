import { getLocale, overwriteGetLocale } from '#web/paraglide/runtime.js';

export const ssr = false;
export const prerender = false;

// Whoever chooses the other language loads the app anew; reading the cookie for each word would cost a table its frames.
const locale = getLocale();
overwriteGetLocale(() => locale);

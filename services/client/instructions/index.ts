export { checkAct, type Asked, type Pin } from './check.ts';
export { actDigest } from './digest.ts';
export { digestOfAct, digestOfBatch, digestOfQuote, type Party } from './prepared.ts';

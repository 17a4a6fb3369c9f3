import { readFileSync } from 'node:fs';

/** A file of test/vectors: amounts are decimal strings. */
export const vectors = <T>(name: string): T =>
  JSON.parse(readFileSync(new URL(`../../vectors/${name}.json`, import.meta.url), 'utf8')) as T;

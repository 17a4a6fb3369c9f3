import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { functionsFile, functionsText } from '../../scripts/build-functions.ts';

it('services/chain/functions.ts has the functions of the contracts as they are', async () => {
  expect(readFileSync(functionsFile, 'utf8')).toBe(await functionsText());
});

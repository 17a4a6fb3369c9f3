/** Writes services/client/generated/schema.ts, the types of the API, from docs/openapi.json: for the client and the web app. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { exclusively } from './build-steps.ts';
import { writeFileAtomically } from '../services/embedded/processes.ts';
import { runMain } from './main.ts';

const root = resolve(import.meta.dirname, '..');
const source = join(root, 'docs/openapi.json');
const file = join(root, 'services/client/generated/schema.ts');

/** True if it was written. */
export async function buildApiTypes(): Promise<boolean> {
  if (isFresh()) return false;
  return exclusively('api-types', async () => {
    if (isFresh()) return false;
    const head = heading();
    const { default: openapi, astToString } = await import('openapi-typescript');
    const types = await openapi(pathToFileURL(source), { rootTypes: true, rootTypesNoSchemaPrefix: true });
    mkdirSync(dirname(file), { recursive: true });
    writeFileAtomically(file, `${head}\n${astToString(types)}`);
    return true;
  });
}

const heading = (): string =>
  `// made from docs/openapi.json ${createHash('sha256').update(readFileSync(source)).digest('hex')}`;

const isFresh = (): boolean => existsSync(file) && readFileSync(file, 'utf8').startsWith(heading());

if (import.meta.main) {
  await runMain(async () => console.log((await buildApiTypes()) ? 'API types built' : 'API types unchanged'));
}

import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { openapiDocument } from '#api/document.ts';

/** Writes docs/openapi.json from the schemas of the routes. */
const file = path.join(import.meta.dirname, '..', 'docs', 'openapi.json');
mkdirSync(path.dirname(file), { recursive: true });
writeFileSync(file, await openapiDocument());

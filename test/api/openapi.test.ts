import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openapiDocument } from '#api/document.ts';

type Operation = { operationId: string; responses: Record<string, { content?: Record<string, unknown> }> };

describe('docs/openapi.json', () => {
  const file = resolve(import.meta.dirname, '../../docs/openapi.json');

  it('is what the routes say: after a change run node scripts/build-openapi.ts', async () => {
    expect(readFileSync(file, 'utf8')).toBe(await openapiDocument());
  });

  it('is OpenAPI 3.1, and every operation has a name, an answer and a problem', () => {
    const document = JSON.parse(readFileSync(file, 'utf8')) as {
      openapi: string;
      paths: Record<string, Record<string, Operation>>;
    };
    expect(document.openapi).toMatch(/^3\.1\./);
    const operations = Object.values(document.paths).flatMap((path) => Object.values(path));
    expect(operations.length).toBeGreaterThan(45);
    for (const { operationId, responses } of operations) {
      expect(operationId).toMatch(/^[a-z]\w+$/);
      expect(Object.keys(responses)).toContain('default');
      expect(responses['default']!.content).toHaveProperty(['application/problem+json']);
      expect(Object.keys(responses).some((status) => status.startsWith('2'))).toBe(true);
    }
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
  });
});

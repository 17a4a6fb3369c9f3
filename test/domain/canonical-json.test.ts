import { describe, expect, it } from 'vitest';
import { canonicalJson } from '#domain/canonical-json.ts';

describe('canonicalJson', () => {
  it('does not depend on the order in which keys were written', () => {
    expect(canonicalJson({ b: [1, { d: null, c: '票' }], a: true })).toBe(
      '{"a":true,"b":[1,{"c":"票","d":null}]}',
    );
  });
});

import { describe, expect, it } from 'vitest';
import { addressOf } from '../../web/src/lib/api/http.ts';

describe('the address of a request', () => {
  it('has what stands in its path and its query, written as addresses want it', () => {
    const params = { path: { billNo: '42', id: 'a/b' }, query: { q: '宏达 & 1/2', limit: 50, open: true } };
    expect(addressOf('/api/bills/{billNo}/x/{id}', params)).toBe(
      '/api/bills/42/x/a%2Fb?q=%E5%AE%8F%E8%BE%BE+%26+1%2F2&limit=50&open=true',
    );
  });

  it('leaves out what is left out', () => {
    expect(addressOf('/api/bills', { query: { q: undefined, status: null } })).toBe('/api/bills');
    expect(addressOf('/api/session', {})).toBe('/api/session');
  });
});

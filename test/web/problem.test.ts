import { describe, expect, it, vi } from 'vitest';
import { PROBLEM_CODES } from '#domain/problems.ts';
import { ApiProblem, asProblem } from '../../web/src/lib/api/problem.ts';

describe('what a person reads when something fails', () => {
  it('is a sentence for every code, without the code', () => {
    for (const code of PROBLEM_CODES) {
      const problem = new ApiProblem(400, { code });
      expect(`${problem.title} ${problem.detail ?? ''}`).not.toContain(code);
      expect(problem.title).not.toBe('');
    }
  });

  it('tells a connection that did not come about from a fault of our own, and repeats neither', () => {
    const spy = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    for (const message of [
      'Failed to fetch',
      'Load failed',
      'NetworkError when attempting to fetch resource.',
    ]) {
      expect(asProblem(new TypeError(message))).toMatchObject({ code: 'OFFLINE', detail: undefined });
    }
    expect(asProblem(new TypeError('x is undefined'))).toMatchObject({ code: 'INTERNAL', detail: undefined });
    spy.mockRestore();
  });

  it('says what the server adds once, in the language of the page', () => {
    const text = { zh: '内容', en: 'What it is' };
    expect(new ApiProblem(409, { code: 'NOT_DUE', text }).detail).toMatch(/内容|What it is/);
    const { title } = new ApiProblem(409, { code: 'NOT_DUE' });
    expect(new ApiProblem(409, { code: 'NOT_DUE', text: { zh: title, en: title } }).detail).toBeUndefined();
  });
});

/** A suspended member reads why, and has its say. */
import { Type } from 'typebox';
import { route } from '../access/route.ts';
import {
  idempotencyHeader,
  Instant,
  MemberRef,
  Nullable,
  PageOf,
  pageQuery,
  Query,
  strict,
  withProblems,
} from '../schemas/common.ts';

const Words = Type.String({ minLength: 1, maxLength: 2_000, pattern: '\\S' });
const Appeal = Type.Object(
  { text: Type.String(), person: Nullable(Type.String()), at: Instant },
  { ...strict, title: 'Appeal' },
);

export const appealRoutes = {
  getSuspension: route('GET', '/api/suspension', 'members', {
    summary: 'Whether you are suspended, why and since when, and what you have said to it',
    tags: ['members'],
    response: withProblems({
      200: Type.Object(
        {
          suspension: Nullable(
            Type.Object(
              { reason: Nullable(Type.String()), since: Instant },
              { ...strict, title: 'Suspension', description: 'reason null: its words are not here' },
            ),
          ),
          appeals: Type.Array(Appeal),
        },
        { ...strict, title: 'SuspensionAnswer' },
      ),
    }),
  }),
  appeal: route('POST', '/api/appeals', 'members', {
    summary: 'Send a note to the platform while you are suspended, once a day',
    tags: ['members'],
    headers: idempotencyHeader,
    body: Type.Object({ text: Words }, strict),
    response: withProblems({ 201: Appeal }),
  }),
  listAppeals: route('GET', '/api/operator/appeals', 'operator', {
    summary: 'Notes of suspended members, newest first',
    tags: ['operator'],
    querystring: Query(pageQuery),
    response: withProblems({
      200: PageOf(
        Type.Object(
          { member: MemberRef, text: Type.String(), person: Nullable(Type.String()), at: Instant },
          { ...strict, title: 'AppealOfMember' },
        ),
      ),
    }),
  }),
};

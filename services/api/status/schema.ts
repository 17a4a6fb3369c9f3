/** Status, live events, health, and the clock of the demonstration. */
import { Type } from 'typebox';
import { route } from '../access/route.ts';
import {
  BlockNumber,
  Currency,
  idempotencyHeader,
  Instant,
  LegalDate,
  Nullable,
  strict,
  withProblems,
} from '../schemas/common.ts';

const Health = Type.Object({ status: Type.Literal('ok') }, { ...strict, title: 'Health' });

export const statusRoutes = {
  moveClock: route('POST', '/api/operator/clock', 'operator', {
    summary: 'Move the clock of the demonstration ahead',
    description: 'There is no such route but with DEMO=on, the embedded chain and CLOCK=operator.',
    tags: ['operator'],
    headers: idempotencyHeader,
    body: Type.Object(
      {
        to: Type.Enum(['next_day', 'next_due'], {
          description: 'The next date, or the next on which a bill falls due, at ten in the morning',
        }),
      },
      { ...strict, title: 'ClockMove' },
    ),
    response: withProblems({
      200: Type.Object({ clock: LegalDate, now: Instant }, { ...strict, title: 'Moment' }),
    }),
  }),
  getStatus: route('GET', '/api/status', 'everybody', {
    summary: 'Where the chain and the read model are',
    tags: ['status'],
    response: withProblems({
      200: Type.Object(
        {
          chainId: Type.Integer(),
          chainHead: BlockNumber,
          chainHeadAt: Type.String({ format: 'date-time', description: 'When that block was made' }),
          standsStillSince: Type.Union([Instant, Type.Null()], {
            description: 'When the newest block was made, if that is longer ago than the operator allows',
          }),
          indexed: BlockNumber,
          proved: Nullable(BlockNumber),
          stopped: Type.Boolean({ description: 'The indexer has met something that it does not know' }),
          clock: LegalDate,
          now: Instant,
          currency: Currency,
          demo: Type.Boolean(),
          origin: Type.String({
            description: 'Under which address people open it: passkeys are bound to that',
          }),
          clockMoves: Type.Boolean({
            description: 'The operator of the demonstration moves the clock ahead',
          }),
          contracts: Type.Object(
            {
              bills: Type.String(),
              lines: Type.String(),
              cash: Type.String(),
              desk: Type.String(),
              rulebook: Type.String(),
              orgAccountFactory: Type.String(),
              p256Verifier: Type.String(),
              webAuthnVerifier: Type.Optional(Type.String()),
              sm2Verifier: Type.Optional(Type.String()),
            },
            {
              ...strict,
              title: 'ContractAddresses',
              description: 'For signers to keep: whoever signs compares every call with what it kept',
            },
          ),
          version: Type.String(),
        },
        { ...strict, title: 'Status' },
      ),
    }),
  }),
  streamEvents: route('GET', '/api/events', 'everybody', {
    summary: 'Live events (SSE): block, act, inbox, chain',
    description:
      'block: {"block", "clock"}. act: {"id", "state"} of your acts. inbox: {} when what waits for you may have changed. ' +
      'chain: {"standsStillSince"} when the chain stands still, and null when it goes on.',
    tags: ['status'],
    response: withProblems({
      200: { description: 'text/event-stream', content: { 'text/event-stream': { schema: Type.String() } } },
    }),
  }),
  getHealth: route('GET', '/health', 'everybody', {
    summary: 'The process is alive',
    tags: ['status'],
    response: withProblems({ 200: Health }),
  }),
  getReady: route('GET', '/ready', 'everybody', {
    summary: 'Database, chain and read model can be used',
    tags: ['status'],
    response: withProblems({
      200: Type.Object(
        { status: Type.Literal('ready'), indexed: BlockNumber, chainHead: BlockNumber },
        { ...strict, title: 'Ready' },
      ),
    }),
  }),
  getMetrics: route('GET', '/metrics', 'everybody', {
    summary: 'Prometheus metrics',
    tags: ['status'],
    response: withProblems({
      200: { description: 'text/plain', content: { 'text/plain': { schema: Type.String() } } },
    }),
  }),
};

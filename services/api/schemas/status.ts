import { Type } from 'typebox';
import { BlockNumber, Currency, Instant, LegalDate, Nullable, strict, withProblems } from './common.ts';

export const getStatus = {
  summary: 'Where the chain and the read model are',
  tags: ['status'],
  response: withProblems({
    200: Type.Object(
      {
        chainId: Type.Integer(),
        chainHead: BlockNumber,
        indexed: BlockNumber,
        proved: Nullable(BlockNumber),
        stopped: Type.Boolean({ description: 'The indexer has met something that it does not know' }),
        clock: LegalDate,
        now: Instant,
        currency: Currency,
        demo: Type.Boolean(),
        version: Type.String(),
      },
      { ...strict, title: 'Status' },
    ),
  }),
};

export const streamEvents = {
  summary: 'Live events (SSE): block, act, inbox',
  description:
    'block: {"block", "clock"}. act: {"id", "state"} of your acts. inbox: {} when what waits for you may have changed.',
  tags: ['status'],
  response: withProblems({
    200: { description: 'text/event-stream', content: { 'text/event-stream': { schema: Type.String() } } },
  }),
};

const Health = Type.Object({ status: Type.Literal('ok') }, { ...strict, title: 'Health' });

export const getHealth = {
  summary: 'The process is alive',
  tags: ['status'],
  response: withProblems({ 200: Health }),
};

export const getReady = {
  summary: 'Database, chain and read model can be used',
  tags: ['status'],
  response: withProblems({
    200: Type.Object(
      { status: Type.Literal('ready'), indexed: BlockNumber, chainHead: BlockNumber },
      { ...strict, title: 'Ready' },
    ),
  }),
};

export const getMetrics = {
  summary: 'Prometheus metrics',
  tags: ['status'],
  response: withProblems({
    200: { description: 'text/plain', content: { 'text/plain': { schema: Type.String() } } },
  }),
};

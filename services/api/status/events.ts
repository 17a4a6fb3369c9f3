/** The stream of live events. */
import { PassThrough } from 'node:stream';
import { legalDateOf } from '#domain/dates.ts';
import { Problem } from '#domain/problems.ts';
import type { App, Person } from '../app-types.ts';
import type { LiveEvent } from './announcements.ts';
import { tokenOf } from '../plugins/app/session.ts';
import { at } from '../access/at.ts';

/** Open streams of one process, and of one member. */
const MAX_STREAMS = 1_000;
const MAX_STREAMS_OF_ONE = 20;
/** A client that reads slower than this is let go (bytes); it comes again by itself. */
const BACKLOG = 256 * 1024;
const HEARTBEAT = 25_000;

/** Live events: everybody hears of blocks, a member of its own acts and of what may wait for it. */
export function registerEvents(app: App): void {
  const { announcements, clock, visitors, standstill } = app.services;
  const open = new Map<PassThrough, string>();
  /** Whether the session behind a stream has ended; what was missed is looked up. */
  const isOver = async (event: LiveEvent, person: Person, token: string | undefined): Promise<boolean> => {
    if (person.kind === 'nobody') return false;
    if (event.type === 'session')
      return event.closed === person.session || (event.closed === '' && person.person !== undefined);
    return event.type === 'resumed' && token !== undefined && (await visitors.find(token)) === undefined;
  };
  app.addHook('preClose', async () => {
    for (const stream of open.keys()) stream.end();
  });

  app.route({
    ...at('streamEvents'),
    compress: false,
    handler: async (request, reply) => {
      const who =
        request.person.kind === 'member' ? `member ${request.person.number}` : `address ${request.ip}`;
      const ofOne = [...open.values()].filter((other) => other === who).length;
      if (open.size >= MAX_STREAMS || ofOne >= MAX_STREAMS_OF_ONE) throw new Problem('RATE_LIMITED');
      const stream = new PassThrough();
      open.set(stream, who);
      const write = (event: string, data: unknown): void => {
        if (stream.writableLength > BACKLOG) stream.destroy();
        else stream.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
      };
      const token = tokenOf(request);
      const tell = async (event: LiveEvent): Promise<void> => {
        if (await isOver(event, request.person, token)) stream.end();
        else if (event.type === 'block') {
          const { block, proved } = event;
          const today = await clock.now().then(legalDateOf, () => null);
          write('block', { block, proved, clock: today });
        } else if (concerns(event, request.person)) {
          write(
            event.type === 'instruction' ? 'instruction' : 'inbox',
            event.type === 'instruction' ? { id: event.id, state: event.state } : {},
          );
        }
      };
      const giveUp = (error: unknown): void => {
        request.log.warn({ err: error }, 'a live stream is given up');
        stream.destroy();
      };
      const unsubscribe = announcements.stream((event) => void tell(event).catch(giveUp));
      const stopWatching = standstill.watch((since) => write('chain', { standsStillSince: since }));
      const heartbeat = setInterval(() => {
        if (hasExpired(request.person)) stream.end();
        else stream.write(': still here\n\n');
      }, HEARTBEAT);
      stream.once('close', () => {
        clearInterval(heartbeat);
        unsubscribe();
        stopWatching();
        open.delete(stream);
      });
      request.raw.once('close', () => stream.destroy());
      stream.write('retry: 2000\n\n');
      return reply
        .type('text/event-stream')
        .header('cache-control', 'no-store')
        .header('x-accel-buffering', 'no')
        .send(stream as never);
    },
  });
}

function concerns(event: LiveEvent, person: Person): boolean {
  if (event.type === 'session') return false;
  if (event.type === 'resumed') return person.kind === 'member';
  if (person.kind !== 'member') return false;
  if (event.type === 'instruction') return event.member === person.number;
  return event.type === 'inbox' && event.members.includes(person.number);
}

const hasExpired = (person: Person): boolean =>
  person.kind !== 'nobody' && person.expiresAt.getTime() <= Date.now();

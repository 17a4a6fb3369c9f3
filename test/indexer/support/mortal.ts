/**
 * Loaded before a program (`node --import`): kills the process, as `kill -9` would, at the n-th time that it writes to a
 * socket, before or after the write. So it dies at every kind of moment: between two statements of a transaction, before and
 * after a commit, with a question to the node under way. One that lives to its end leaves the number of its writes in a file.
 */
import { writeFileSync } from 'node:fs';
import { Socket } from 'node:net';

const [at, when] = (process.env['DIE_AT'] ?? '').split(' ');
let left = Number(at) || Infinity;
let writes = 0;
process.on('exit', () => writeFileSync(process.env['WRITES_FILE']!, String(writes)));

type Write = (this: Socket, ...args: unknown[]) => boolean;
for (const name of ['write', 'end'] as const) {
  const write = Socket.prototype[name] as unknown as Write;
  (Socket.prototype as unknown as Record<string, Write>)[name] = function (this: Socket, ...args: unknown[]) {
    writes++;
    const isLast = --left === 0;
    if (isLast && when === 'before') process.kill(process.pid, 'SIGKILL');
    const result = write.apply(this, args);
    if (isLast) process.kill(process.pid, 'SIGKILL');
    return result;
  };
}

import { pino, type Logger } from 'pino';

/** Lines that come close together are written together (bytes), and none waits longer than this (milliseconds). */
const TOGETHER = 4_096;
const LONGEST = 100;

/**
 * Writing each line by itself costs more than making it. What is not written yet when the process ends is written then; only
 * who kills it at once loses the last lines.
 *
 * @param dest A file, or its number.
 */
export const logTo = (dest: string | number, level: string): Logger =>
  pino({ level }, pino.destination({ dest, minLength: TOGETHER, periodicFlush: LONGEST, sync: false }));

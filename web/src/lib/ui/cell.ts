/** What stands in a cell, for the screen and for files alike. */
import { money, type Money } from '#web/format.ts';

export type Cell = string | number | Money | null | undefined;

export const isMoney = (cell: Cell): cell is Money => typeof cell === 'object' && cell !== null;

export const isBlank = (cell: Cell): boolean => cell === null || cell === undefined || cell === '';

export const shownCell = (cell: Cell): string =>
  isBlank(cell) ? '' : isMoney(cell) ? money(cell) : String(cell);

/** Whether governance has set a bank a cap: the largest number that the chain can hold is none. */
import { minorOf, type Money } from '#web/format.ts';

const NO_CAP = 2n ** 64n - 1n;

export const isCapped = ({ cap }: { cap: Money }): boolean => minorOf(cap) < NO_CAP;

/** People and levels, as pages call them. */
import { m } from '#web/paraglide/messages.js';

type Somebody = { person: { name: string } | null; device: string | null; signer: string };

/** A key that is nobody's device is known by its end. */
export const whoIs = ({ person, device, signer }: Somebody): string =>
  person === null
    ? `${m.key_of_system()} …${signer.slice(-8)}`
    : device === null
      ? person.name
      : `${person.name} (${device})`;

const LEVELS = [m.level_maker, m.level_checker, m.level_authoriser];
export const nameOfLevel = (level: number): string => LEVELS[level - 1]?.() ?? m.level_n({ level });

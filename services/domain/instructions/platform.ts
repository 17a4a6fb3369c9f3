/** The platform as one who acts: apart from the sentences, so that a page can name it without them. */
import type { Text } from '../problems.ts';

/** Whose keys the platform itself acts by. */
export const PLATFORM: Text = { zh: '平台', en: 'The platform' };

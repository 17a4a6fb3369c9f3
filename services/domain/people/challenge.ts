/** With these words each challenge begins that a device answers to sign in or to be registered. */
export const CHALLENGE_WORDS = 'Tallystick: who are you? ';

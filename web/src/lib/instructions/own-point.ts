/** Under which a browser knows the passkey that it made for the demonstration: its coordinates. */
export const OWN_POINT = 'tallystick passkey';

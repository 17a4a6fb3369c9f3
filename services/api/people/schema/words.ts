/** What the schemas of people share. */
import { Type } from 'typebox';
import { RIGHTS } from '#domain/people/rights.ts';
import { Instant, Nullable, signedIn, strict, Uuid } from '../../schemas/common.ts';

export const Right = Type.Enum([...RIGHTS], { title: 'Right' });
export const Rights = Type.Array(Right, { minItems: 1, maxItems: 4, uniqueItems: true });
export const PersonName = Type.String({ minLength: 1, maxLength: 100, pattern: '\\S' });
export const Email = Type.String({ minLength: 3, maxLength: 254, pattern: '^[^\\s@]+@[^\\s@]+$' });
export const Language = Type.Enum(['zh', 'en'], { title: 'Language' });
export const DeviceName = Type.String({ minLength: 1, maxLength: 100, pattern: '\\S' });
export const AtBranch = Nullable(
  Type.String({ description: 'Account of the branch at which the seat is; null: at the head office' }),
);
export const PersonView = Type.Object(
  { id: Uuid, name: Type.String(), email: Nullable(Type.String()), language: Language },
  { ...strict, title: 'Person' },
);
export const OwnSignerType = Type.Enum(['wallet', 'ukey'], { title: 'OwnSignerType' });
export const Purpose = Type.Enum(['seat', 'device', 'application', 'application_seat'], {
  title: 'LinkPurpose',
});
export const LinkMade = Type.Object(
  {
    id: Uuid,
    url: Type.String({ description: 'Shown once; whoever has it can use it' }),
    expiresAt: Instant,
  },
  { ...strict, title: 'LinkMade' },
);
/** What a browser's WebAuthn takes and gives, which its own library checks further. */
export const ForBrowser = Type.Object(
  {},
  { additionalProperties: true, description: 'For navigator.credentials, in the JSON form of WebAuthn 3' },
);
export const base64url = (maxLength: number) => Type.String({ pattern: '^[\\w-]+$', maxLength });
export const fromDevice = {
  id: base64url(2_000),
  rawId: base64url(2_000),
  type: Type.Literal('public-key'),
  authenticatorAttachment: Type.Optional(Type.String({ maxLength: 30 })),
  clientExtensionResults: Type.Object({}, { additionalProperties: true }),
};
export const RegistrationResponse = Type.Object(
  {
    ...fromDevice,
    response: Type.Object(
      {
        clientDataJSON: base64url(5_000),
        attestationObject: base64url(20_000),
        authenticatorData: Type.Optional(base64url(5_000)),
        transports: Type.Optional(Type.Array(Type.String({ maxLength: 30 }), { maxItems: 10 })),
        publicKeyAlgorithm: Type.Optional(Type.Integer()),
        publicKey: Type.Optional(base64url(2_000)),
      },
      strict,
    ),
  },
  { ...strict, title: 'RegistrationResponse' },
);
export const people = { tags: ['people'] };
export const mine = { ...people, security: signedIn };

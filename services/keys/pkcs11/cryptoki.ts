/**
 * The functions of a PKCS #11 library (version 2.40) that signing takes. Numbers and structs are those of the standard's header;
 * CK_ULONG is C's unsigned long.
 */
import { existsSync } from 'node:fs';
import koffi, { type LibraryHandle, type TypeObject } from 'koffi';
import { KeyError } from '../key.ts';

export const CKR = {
  OK: 0x0,
  SLOT_ID_INVALID: 0x3,
  GENERAL_ERROR: 0x5,
  FUNCTION_FAILED: 0x6,
  DEVICE_ERROR: 0x30,
  DEVICE_REMOVED: 0x32,
  KEY_HANDLE_INVALID: 0x60,
  OBJECT_HANDLE_INVALID: 0x82,
  PIN_INCORRECT: 0xa0,
  PIN_INVALID: 0xa1,
  PIN_LEN_RANGE: 0xa2,
  PIN_EXPIRED: 0xa3,
  PIN_LOCKED: 0xa4,
  SESSION_CLOSED: 0xb0,
  SESSION_HANDLE_INVALID: 0xb3,
  TOKEN_NOT_PRESENT: 0xe0,
  TOKEN_NOT_RECOGNIZED: 0xe1,
  USER_ALREADY_LOGGED_IN: 0x100,
  USER_NOT_LOGGED_IN: 0x101,
  CRYPTOKI_NOT_INITIALIZED: 0x190,
  CRYPTOKI_ALREADY_INITIALIZED: 0x191,
} as const;

export const CKO = { PUBLIC_KEY: 2, PRIVATE_KEY: 3 } as const;
export const CKA = { CLASS: 0x0, LABEL: 0x3, KEY_TYPE: 0x100, EC_PARAMS: 0x180, EC_POINT: 0x181 } as const;
const CKM_ECDSA = 0x1041;
const CKF_SERIAL_SESSION = 4;
const CKF_OS_LOCKING_OK = 2;
const CKU_USER = 1;
/** Of CK_TOKEN_INFO; its first 32 bytes are the label. */
const TOKEN_INFO_BYTES = 256;
const MOST = 64;

const Attribute = koffi.struct({ type: 'unsigned long', value: 'void *', length: 'unsigned long' });
const Mechanism = koffi.struct({ mechanism: 'unsigned long', parameter: 'void *', length: 'unsigned long' });
const InitializeArgs = koffi.struct({
  ...{ create: 'void *', destroy: 'void *', lock: 'void *', unlock: 'void *' },
  ...{ flags: 'unsigned long', reserved: 'void *' },
});
const attributes = koffi.pointer(Attribute);
const ULONG = koffi.sizeof('unsigned long');

/** The library said no. */
export class Refusal extends Error {
  readonly rv: number;

  constructor(name: string, rv: number) {
    const word = Object.entries(CKR).find(([, number]) => number === rv)?.[0];
    super(`${name} says CKR_${word ?? `0x${rv.toString(16)}`}`);
    this.rv = rv;
  }
}

/** Numbers that a library writes. */
const ulongs = (count: number) => {
  const bytes = Buffer.alloc(ULONG * count);
  return { bytes, at: (n: number) => bytes.readUIntLE(n * ULONG, Math.min(ULONG, 6)) };
};
const ulong = (value: number): Buffer => {
  const bytes = Buffer.alloc(ULONG);
  bytes.writeUIntLE(value, 0, Math.min(ULONG, 6));
  return bytes;
};

export type Template = readonly (readonly [type: number, value: number | string])[];

/** Loads a library. Throws {@link KeyError} KEY_MODULE_MISSING. */
export function loadCryptoki(path: string) {
  if (!existsSync(path)) throw new KeyError('KEY_MODULE_MISSING', `there is no library ${path}`);
  let library: LibraryHandle;
  try {
    library = koffi.load(path);
  } catch (error) {
    throw new KeyError('KEY_MODULE_MISSING', `${path} cannot be loaded`, { cause: error });
  }
  const bound = (name: string, ...types: (string | TypeObject)[]) => {
    const call = library.func(name, 'unsigned long', types) as (...args: unknown[]) => number;
    return (...args: unknown[]): void => {
      const rv = Number(call(...args));
      if (rv !== CKR.OK) throw new Refusal(name, rv);
    };
  };
  const long = 'unsigned long';
  try {
    return functionsOf({
      initialize: bound('C_Initialize', koffi.pointer(InitializeArgs)),
      finalize: bound('C_Finalize', 'void *'),
      getSlotList: bound('C_GetSlotList', 'uint8_t', 'void *', 'void *'),
      getTokenInfo: bound('C_GetTokenInfo', long, 'void *'),
      openSession: bound('C_OpenSession', long, long, 'void *', 'void *', 'void *'),
      login: bound('C_Login', long, long, 'void *', long),
      findInit: bound('C_FindObjectsInit', long, attributes, long),
      find: bound('C_FindObjects', long, 'void *', long, 'void *'),
      findFinal: bound('C_FindObjectsFinal', long),
      getAttribute: bound('C_GetAttributeValue', long, long, 'void *', long),
      signInit: bound('C_SignInit', long, koffi.pointer(Mechanism), long),
      sign: bound('C_Sign', long, 'void *', long, 'void *', 'void *'),
    });
  } catch (error) {
    throw new KeyError('KEY_MODULE_MISSING', `${path} is no PKCS #11 library`, { cause: error });
  }
}

export type Cryptoki = ReturnType<typeof loadCryptoki>;
type Bound = Record<
  | 'initialize'
  | 'finalize'
  | 'getSlotList'
  | 'getTokenInfo'
  | 'openSession'
  | 'login'
  | 'findInit'
  | 'find'
  | 'findFinal'
  | 'getAttribute'
  | 'signInit'
  | 'sign',
  (...args: unknown[]) => void
>;

/** The same with values of JavaScript. Each throws {@link Refusal}. */
function functionsOf(c: Bound) {
  return {
    initialize: (): void => {
      const none = { create: null, destroy: null, lock: null, unlock: null, reserved: null };
      c.initialize({ ...none, flags: CKF_OS_LOCKING_OK });
    },
    finalize: (): void => c.finalize(null),
    /** Slots in which a token is. */
    slots: (): number[] => {
      const count = ulongs(1);
      c.getSlotList(1, null, count.bytes);
      const slots = ulongs(count.at(0));
      if (count.at(0) > 0) c.getSlotList(1, slots.bytes, count.bytes);
      return Array.from({ length: count.at(0) }, (_, n) => slots.at(n));
    },
    labelOf: (slot: number): string => {
      const info = Buffer.alloc(TOKEN_INFO_BYTES);
      c.getTokenInfo(slot, info);
      return info.subarray(0, 32).toString('utf8').trimEnd();
    },
    openSession: (slot: number): number => {
      const session = ulongs(1);
      c.openSession(slot, CKF_SERIAL_SESSION, null, null, session.bytes);
      return session.at(0);
    },
    login: (session: number, pin: string): void => {
      const bytes = Buffer.from(pin, 'utf8');
      try {
        c.login(session, CKU_USER, bytes, bytes.length);
      } finally {
        bytes.fill(0);
      }
    },
    find: (session: number, template: Template): number[] => {
      const values = template.map(([, value]) =>
        typeof value === 'number' ? ulong(value) : Buffer.from(value, 'utf8'),
      );
      c.findInit(
        session,
        template.map(([type], n) => ({ type, value: values[n], length: values[n]!.length })),
        template.length,
      );
      const [found, count] = [ulongs(MOST), ulongs(1)];
      try {
        c.find(session, found.bytes, MOST, count.bytes);
      } finally {
        c.findFinal(session);
      }
      return Array.from({ length: count.at(0) }, (_, n) => found.at(n));
    },
    attribute: (session: number, object: number, type: number): Buffer => {
      const value = Buffer.alloc(512);
      const attribute = Buffer.alloc(koffi.sizeof(Attribute));
      koffi.encode(attribute, Attribute, { type, value, length: value.length });
      c.getAttribute(session, object, attribute, 1);
      const { length } = koffi.decode(attribute, Attribute) as { length: number | bigint };
      return value.subarray(0, Number(length));
    },
    /** r ‖ s over 32 bytes. */
    sign: (session: number, key: number, digest: Uint8Array): Buffer => {
      c.signInit(session, { mechanism: CKM_ECDSA, parameter: null, length: 0 }, key);
      const [signature, length] = [Buffer.alloc(256), ulong(256)];
      c.sign(session, Buffer.from(digest), digest.length, signature, length);
      return signature.subarray(0, length.readUIntLE(0, 6));
    },
  };
}

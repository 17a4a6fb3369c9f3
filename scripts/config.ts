/** What the environment says, checked once. Whoever reads it gets a value or one clear sentence. */
import { accessSync, constants, mkdirSync } from 'node:fs';
import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { Type } from 'typebox';
import { Value } from 'typebox/value';

/** Something that the person who started us can put right: shown as one line, without a stack trace. */
export class StartError extends Error {}

export interface Config {
  host: string;
  port: number;
  /** Absolute. Keys, the embedded database and chain, the record of the deployment, the owner's lock. */
  dataDir: string;
  /** A PostgreSQL 15 or newer; undefined: the embedded one. */
  databaseUrl: string | undefined;
  /** A pooler before it, which requests may go through: PgBouncer with pool_mode=transaction. */
  poolerUrl: string | undefined;
  /** JSON-RPC of one or several nodes of a chain, separated by commas; undefined: the embedded one. */
  rpcUrl: string | undefined;
  /** Make the demonstration network at the first start, and let a visitor enter as any of its members. */
  demo: boolean;
  /**
   * Who owns the time that "today" is: the machine, the chain with its next block (the embedded one follows the machine), or
   * the operator of the demonstration, who moves that of the embedded chain ahead.
   */
  clock: 'system' | 'chain' | 'operator';
  logLevel: string;
  /** Most blocks that a reorganisation of the chain may take back before somebody has to look. */
  reorgLimit: number;
  /** Seconds without a new block after which the chain stands still; undefined: it may rest as long as nothing is sent. */
  blockAgeLimit: number | undefined;
  /** Blocks that a node may be behind another before it is left. What is undefined from here on has the default of the services. */
  nodeLagLimit: number | undefined;
  /** Seconds after which a transaction that is not mined is sent again, and the longest pause between two times. */
  resendAfter: number | undefined;
  resendLimit: number | undefined;
  /** Longest pause (seconds) between two tries of a service that something it needs does not answer. */
  retryLimit: number | undefined;
  /** Keys that lie in a PKCS #11 module, by RFC 7512; those that are not named lie in files of the data folder. */
  keys: { readonly [role in KeyRole]?: string };
  /** Proxies whose word on the visitor's address and on TLS is taken; undefined: nobody's. */
  trustProxy: number | string[] | undefined;
  /** Who holds which power over the contracts, for their deployment; undefined in the demonstration, where one key holds all. */
  hands: Record<HandName, Signers> | undefined;
  /** Through which server notices are mailed, and from whom; undefined: nobody gets mail. */
  mail: { smtpUrl: string; from: string } | undefined;
  /** Who asks for /metrics shows it; undefined: only this machine may ask. */
  metricsToken: string | undefined;
  /** Under which address people open the product, as a browser writes it; undefined: http://localhost and the port. */
  origin: string | undefined;
  /** Who credits small amounts to the bank accounts of firms that apply; undefined: the sandbox in the demonstration, else nobody. */
  accountProof: string | undefined;
}

/** Who signs for one hand of governance, as {@link Hand} names signers, and how many of them must. */
export type Signers = { threshold: number; signers: string[] };
export type HandName = (typeof HANDS)[number];
const HANDS = ['ADMIN', 'DESKS', 'GUARDIAN'] as const;
const handSigner = '(0x[0-9a-fA-F]{40}|(webauthn:)?[0-9a-fA-F]{128})';
const hand = {
  schema: Type.String({ pattern: `^[1-9][0-9]?:${handSigner}(,${handSigner})*$` }),
  hint: 'how many must sign, and who: 2:0x…,0x…,webauthn:… (addresses of keys, or P-256 keys as 128 digits of hex, of a passkey after webauthn:)',
};

const levels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];
const oneOf = (...values: string[]) => ({ schema: Type.Enum(values), hint: `one of ${values.join(', ')}` });

/** Whose keys may lie in a module. */
const KEY_ROLES = ['deployer', 'operator', 'relayer', 'exports'] as const;
export type KeyRole = (typeof KEY_ROLES)[number];

const keyInModule = {
  schema: Type.String({ pattern: '^pkcs11:' }),
  hint: 'a key in a module, pkcs11:token=NAME;object=NAME?module-path=/…/lib.so&pin-source=file:/…',
};

const seconds = { schema: Type.String({ pattern: '^[1-9][0-9]{0,5}$' }), hint: 'a number of seconds' };

/** Name in the environment → what it has to look like, in a schema and in words. */
const variables = {
  HOST: { schema: Type.String({ pattern: '^[0-9A-Za-z.:-]+$' }), hint: 'a host name or an IP address' },
  PORT: { schema: Type.String({ pattern: '^[0-9]{1,5}$' }), hint: 'a number from 0 to 65535' },
  DATA_DIR: { schema: Type.String({ minLength: 1 }), hint: 'a folder' },
  DATABASE_URL: {
    schema: Type.String({ pattern: '^postgres(ql)?://[^/]+/.+' }),
    hint: 'postgres://user:password@host:port/database',
  },
  POOLER_URL: {
    schema: Type.String({ pattern: '^postgres(ql)?://[^/]+/.+' }),
    hint: 'postgres://user:password@host:port/database',
  },
  RPC_URL: {
    schema: Type.String({ pattern: '^https?://[^,]+(,https?://[^,]+)*$' }),
    hint: 'http://host:port, or several with commas between them',
  },
  DEMO: oneOf('on', 'off'),
  CLOCK: oneOf('system', 'chain', 'operator'),
  LOG_LEVEL: oneOf(...levels),
  ADMIN: hand,
  DESKS: hand,
  GUARDIAN: hand,
  DEPLOYER_KEY: keyInModule,
  OPERATOR_KEY: keyInModule,
  RELAYER_KEY: keyInModule,
  EXPORTS_KEY: keyInModule,
  TRUST_PROXY: {
    schema: Type.String({ pattern: '^([1-9]|[0-9A-Fa-f.:/]+(,[0-9A-Fa-f.:/]+)*)$' }),
    hint: 'how many proxies stand before the API, or their addresses: 10.0.0.7,10.1.0.0/16',
  },
  ORIGIN: {
    schema: Type.String({ pattern: '^https?://[^/?#]+$' }),
    hint: 'the address that people open, without a path: https://bills.example.com',
  },
  SMTP_URL: {
    schema: Type.String({ pattern: '^smtps?://\\S+$' }),
    hint: 'smtp://user:password@host:port, or smtps://…',
  },
  MAIL_FROM: {
    schema: Type.String({ pattern: '^([^<>\\r\\n]+<[^\\s@<>]+@[^\\s@<>]+>|[^\\s@<>]+@[^\\s@<>]+)$' }),
    hint: 'an address, or Name <address>',
  },
  ACCOUNT_PROOF: {
    schema: Type.String({ pattern: '^(sandbox|https?://[^?#\\s]+)$' }),
    hint: 'sandbox, or the address of a gateway to a bank',
  },
  METRICS_TOKEN: {
    schema: Type.String({ pattern: '^[\\w.~+/-]{20,200}=*$' }),
    hint: 'at least twenty letters and digits',
  },
  BLOCK_AGE_LIMIT: {
    schema: Type.String({ pattern: '^(off|[1-9][0-9]{0,5})$' }),
    hint: 'a number of seconds, or off',
  },
  NODE_LAG_LIMIT: { schema: Type.String({ pattern: '^[0-9]{1,6}$' }), hint: 'a number of blocks' },
  RESEND_AFTER: seconds,
  RESEND_LIMIT: seconds,
  RETRY_LIMIT: seconds,
  REORG_LIMIT: { schema: Type.String({ pattern: '^[0-9]{1,9}$' }), hint: 'a number of blocks' },
};

/** What is written there by mistake could be a secret: it is not repeated. */
const SECRET: ReadonlySet<string> = new Set([
  'METRICS_TOKEN',
  'DEPLOYER_KEY',
  'OPERATOR_KEY',
  'RELAYER_KEY',
  'EXPORTS_KEY',
]);

const defaults: Record<string, string> = {
  HOST: '127.0.0.1',
  PORT: '8080',
  DATA_DIR: '.data',
  DEMO: 'on',
  LOG_LEVEL: 'warn',
  REORG_LIMIT: '64',
};

/** Relative folders are taken from `cwd`. An empty value counts as none. Throws {@link StartError}. */
export function readConfig(env: NodeJS.ProcessEnv = process.env, cwd: string = process.cwd()): Config {
  const value = (name: keyof typeof variables): string => env[name] || defaults[name] || '';
  for (const [name, { schema, hint }] of Object.entries(variables)) {
    const given = env[name];
    if (given && !Value.Check(schema, given))
      throw new StartError(
        SECRET.has(name)
          ? `${name} has to be ${hint}`
          : `${name} is "${withoutPassword(given)}", but has to be ${hint}`,
      );
  }
  const port = Number(value('PORT'));
  if (port > 65_535) throw new StartError(`PORT is "${port}", but has to be ${variables.PORT.hint}`);
  for (const name of ['DATABASE_URL', 'POOLER_URL', 'RPC_URL', 'SMTP_URL'] as const) {
    const urls = name === 'RPC_URL' ? value(name).split(',') : [value(name)];
    if (value(name) && !urls.every((url) => URL.canParse(url)))
      throw new StartError(`${name} is not a URL; it has to be ${variables[name].hint}`);
  }
  if (value('POOLER_URL') && !value('DATABASE_URL'))
    throw new StartError(
      'POOLER_URL needs DATABASE_URL: the database itself, for notices, locks and migrations',
    );
  const isDemo = value('DEMO') === 'on';
  const isEmbedded = value('RPC_URL') === '';
  if (isDemo && !isEmbedded)
    throw new StartError(
      'DEMO=on keeps all keys in one place: it is for the embedded chain, without RPC_URL; set DEMO=off',
    );
  if (isDemo && !isLoopback(value('HOST')))
    throw new StartError(
      `DEMO=on lets anybody enter as any member, so HOST cannot be "${value('HOST')}": set DEMO=off`,
    );
  if (value('CLOCK') === 'operator' && !(isDemo && isEmbedded))
    throw new StartError(
      'CLOCK is "operator", but only DEMO=on with the embedded chain has a clock that is moved',
    );
  const origin = originOf(value('ORIGIN'));
  return {
    origin,
    host: value('HOST'),
    port,
    dataDir: resolve(cwd, value('DATA_DIR')),
    databaseUrl: value('DATABASE_URL') || undefined,
    poolerUrl: value('POOLER_URL') || undefined,
    rpcUrl: value('RPC_URL') || undefined,
    demo: isDemo,
    clock: (value('CLOCK') || (isEmbedded ? (isDemo ? 'operator' : 'chain') : 'system')) as Config['clock'],
    logLevel: value('LOG_LEVEL'),
    reorgLimit: Number(value('REORG_LIMIT')),
    blockAgeLimit: ageLimitOf(value('BLOCK_AGE_LIMIT'), isEmbedded),
    nodeLagLimit: numberIn(value('NODE_LAG_LIMIT')),
    resendAfter: numberIn(value('RESEND_AFTER')),
    resendLimit: numberIn(value('RESEND_LIMIT')),
    retryLimit: numberIn(value('RETRY_LIMIT')),
    hands: isDemo ? undefined : handsOf(value),
    keys: keysOf(value),
    trustProxy: proxiesOf(value('TRUST_PROXY')),
    metricsToken: value('METRICS_TOKEN') || undefined,
    mail: mailOf(value('SMTP_URL'), value('MAIL_FROM')),
    accountProof: value('ACCOUNT_PROOF') || undefined,
  };
}

const keysOf = (value: (name: `${Uppercase<KeyRole>}_KEY`) => string): Config['keys'] =>
  Object.fromEntries(
    KEY_ROLES.flatMap((role) => {
      const name = value(`${role.toUpperCase() as Uppercase<KeyRole>}_KEY`);
      return name === '' ? [] : [[role, name]];
    }),
  );

function mailOf(smtpUrl: string, from: string): Config['mail'] {
  if (smtpUrl === '' && from === '') return undefined;
  if (smtpUrl === '' || from === '')
    throw new StartError(
      smtpUrl === '' ? 'SMTP_URL is missing beside MAIL_FROM' : 'MAIL_FROM is missing beside SMTP_URL',
    );
  return { smtpUrl, from };
}

const numberIn = (text: string): number | undefined => (text === '' ? undefined : Number(text));

/** The embedded chain makes a block for each transaction and none otherwise. */
const ageLimitOf = (text: string, isEmbedded: boolean): number | undefined =>
  text === 'off' || (text === '' && isEmbedded) ? undefined : Number(text || 60);

/** Passkeys work under a name, and only where nobody in between can read: TLS, or this machine. */
function originOf(text: string): string | undefined {
  if (text === '') return undefined;
  if (!URL.canParse(text))
    throw new StartError(`ORIGIN is "${text}", but has to be ${variables.ORIGIN.hint}`);
  const { origin, protocol, hostname } = new URL(text);
  if (isIP(hostname.replace(/^\[|\]$/g, '')) !== 0)
    throw new StartError(`ORIGIN is "${text}": passkeys need a name, not the number of a machine`);
  if (protocol !== 'https:' && hostname !== 'localhost')
    throw new StartError(`ORIGIN is "${text}": passkeys need https, but on this machine (localhost)`);
  return origin;
}

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);

/** Undefined where none of them is given: they are asked for when there is something to deploy. */
function handsOf(value: (name: HandName) => string): Config['hands'] {
  const given = HANDS.filter((name) => value(name) !== '');
  if (given.length === 0) return undefined;
  const missing = HANDS.find((name) => value(name) === '');
  if (missing !== undefined) throw new StartError(`${missing} is missing beside ${given.join(' and ')}`);
  const hands = Object.fromEntries(HANDS.map((name) => [name, signersOf(name, value(name))])) as NonNullable<
    Config['hands']
  >;
  if (hands.ADMIN.threshold < 2) throw new StartError('ADMIN needs at least two who sign: 2:0x…,0x…');
  const others = new Set([...hands.ADMIN.signers, ...hands.DESKS.signers]);
  const both = hands.GUARDIAN.signers.find((signer) => others.has(signer));
  if (both !== undefined)
    throw new StartError(`GUARDIAN has to be others than ADMIN and DESKS, but ${both} signs for both`);
  return hands;
}

function signersOf(name: HandName, text: string): Signers {
  const colon = text.indexOf(':');
  const threshold = text.slice(0, colon);
  const signers = text
    .slice(colon + 1)
    .toLowerCase()
    .split(',');
  if (new Set(signers).size < signers.length) throw new StartError(`${name} names a signer twice`);
  if (Number(threshold) > signers.length)
    throw new StartError(`${name} asks for ${threshold} of ${signers.length} signers`);
  return { threshold: Number(threshold), signers };
}

function proxiesOf(text: string): number | string[] | undefined {
  if (text === '') return undefined;
  if (/^[1-9]$/.test(text)) return Number(text);
  const proxies = text.split(',');
  const isNetwork = (proxy: string): boolean => {
    const [address = '', bits, ...more] = proxy.split('/');
    const most = isIP(address) === 4 ? 32 : 128;
    const isLength =
      bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) >= 1 && Number(bits) <= most);
    return isIP(address) !== 0 && isLength && more.length === 0;
  };
  if (proxies.every(isNetwork)) return proxies;
  throw new StartError(`TRUST_PROXY is "${text}", but has to be ${variables.TRUST_PROXY.hint}`);
}

/** Makes the data folder if it is missing. Throws {@link StartError} if we cannot write there. */
export function prepareDataDir(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true });
    accessSync(dataDir, constants.W_OK);
  } catch (error) {
    throw new StartError(`DATA_DIR ${dataDir} cannot be written: ${reason(error)}`, { cause: error });
  }
}

/** A URL that may be shown. */
export function withoutPassword(url: string): string {
  return url.replace(/(:\/\/[^:@/]*):[^@/]*@/g, '$1@');
}

/** The shortest text that says what went wrong. */
export function reason(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reason(error.errors[0]);
  if (!(error instanceof Error)) return String(error);
  if (error.message === 'fetch failed' && error.cause !== undefined) return reason(error.cause);
  const text = inShort(error) || error.message || (error as NodeJS.ErrnoException).code || error.name;
  return text.split('\n')[0] ?? text;
}

/** What a node said, of which ethers makes an error with the whole transaction in it. */
function inShort(error: Error): string | undefined {
  type OfNode = { info?: { error?: Error }; error?: Error; shortMessage?: string };
  const { info, error: inner, shortMessage } = error as OfNode;
  return (info?.error ?? inner)?.message ?? shortMessage;
}

/** How settings name a key of a module: a PKCS #11 URI (RFC 7512). */
import { KeyError } from './key.ts';

/**
 * @property module Path of the library.
 * @property token Label of the token.
 * @property object Label of the private key and of its public key.
 * @property pinFile File with the PIN; undefined: it is in the environment, as KEY_PIN.
 */
export type KeyName = {
  readonly module: string;
  readonly token: string;
  readonly object: string;
  readonly pinFile: string | undefined;
};

const FORM = 'pkcs11:token=NAME;object=NAME?module-path=/…/lib.so&pin-source=file:/…';
const invalid = (why: string) => new KeyError('KEY_NAME_INVALID', `${why}: write ${FORM}`);

/** Throws {@link KeyError} KEY_NAME_INVALID. What the text says is not repeated: it could hold a PIN. */
export function parseKeyName(uri: string): KeyName {
  const [, path, query = ''] = /^pkcs11:([^?]+)(?:\?(.+))?$/.exec(uri) ?? [];
  if (path === undefined) throw invalid('a key is no PKCS #11 URI');
  const given = new Map<string, string>();
  for (const part of [...path.split(';'), ...query.split('&')].filter(Boolean)) {
    const at = part.indexOf('=');
    const name = part.slice(0, at < 0 ? undefined : at);
    if (name === 'pin-value') throw invalid('a PIN in a setting is seen by others (pin-value)');
    if (!['token', 'object', 'module-path', 'pin-source'].includes(name) || at < 0)
      throw invalid(`a key is named with something that is not known here (part ${given.size + 1})`);
    if (given.has(name)) throw invalid(`a key is named with two of ${name}`);
    given.set(name, decoded(part.slice(at + 1)));
  }
  const need = (name: string): string => {
    const value = given.get(name);
    if (value === undefined || value === '') throw invalid(`a key is named without ${name}`);
    return value;
  };
  const source = given.get('pin-source');
  if (source !== undefined && !/^(file:(\/\/)?)?\//.test(source))
    throw invalid('pin-source is no file with its whole path');
  return {
    module: need('module-path'),
    token: need('token'),
    object: need('object'),
    pinFile: source?.replace(/^file:(\/\/)?/, ''),
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalid('a key is named with a broken %');
  }
}

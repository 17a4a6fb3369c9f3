#!/usr/bin/env node
/**
 * tallystick-sign KEY_FILE < prepared.json: signs a prepared act for shells and languages without this client, and prints
 * the body to submit. Refuses calls that are not what their digest says. KEY_FILE holds the key as 32 bytes of hex, or as
 * the JSON that the demonstration gives ({"d": ...}).
 */
import { readFileSync } from 'node:fs';
import type { PreparedAct, PreparedQuote, QuoteInput } from './generated/schema.ts';
import { Key } from './key.ts';
import { signAct, signQuote } from './sign.ts';

const [keyFile, termsFile] = process.argv.slice(2);
if (keyFile === undefined) {
  console.error('usage: tallystick-sign KEY_FILE [TERMS_OF_A_QUOTE_FILE] < prepared.json > signatures.json');
  process.exit(1);
}
const text = readFileSync(keyFile, 'utf8').trim();
const key = Key.fromHex(text.startsWith('{') ? (JSON.parse(text) as { d: string }).d : text);
const prepared = JSON.parse(readFileSync(0, 'utf8')) as unknown;
const signatures =
  termsFile === undefined
    ? signAct(prepared as PreparedAct, key)
    : signQuote(prepared as PreparedQuote, JSON.parse(readFileSync(termsFile, 'utf8')) as QuoteInput, key);
console.log(JSON.stringify({ signatures }));

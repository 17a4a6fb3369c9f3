#!/usr/bin/env node
/**
 * tallystick-sign KEY_FILE DEPLOYMENT_FILE MEMBER ASKED_FILE < prepared.json: signs a prepared instruction or quote for shells and languages
 * without this client, and prints the body to submit. Refuses whatever is not what ASKED_FILE asked for.
 *
 * KEY_FILE: the key as 32 bytes of hex, or as the JSON that the demonstration gives ({"d": ...}). DEPLOYMENT_FILE: what /api/status
 * said when it was first trusted ({"chainId", "contracts"}; with "account", no other account is signed for). ASKED_FILE: the act,
 * as under "instruction" in the request, or the terms of a quote.
 */
import { readFileSync } from 'node:fs';
import type { InstructionInput, PreparedInstruction, PreparedQuote, QuoteInput } from './generated/schema.ts';
import { Key } from './key.ts';
import type { Party } from './instructions/index.ts';
import { signInstruction, signQuote } from './sign.ts';

const [keyFile, deploymentFile, member, askedFile] = process.argv.slice(2);
if (
  keyFile === undefined ||
  deploymentFile === undefined ||
  member === undefined ||
  askedFile === undefined
) {
  console.error(
    'usage: tallystick-sign KEY_FILE DEPLOYMENT_FILE MEMBER ASKED_FILE < prepared.json > signatures.json',
  );
  process.exit(1);
}
const read = <T>(file: string | number): T => JSON.parse(readFileSync(file, 'utf8')) as T;
const text = readFileSync(keyFile, 'utf8').trim();
const key = Key.fromHex(text.startsWith('{') ? (JSON.parse(text) as { d: string }).d : text);
const { chainId, contracts, account } = read<Party['pin'] & { account?: string }>(deploymentFile);
const party: Party = { member: Number(member), pin: { chainId, contracts }, account };
const asked = read<InstructionInput | QuoteInput>(askedFile);
try {
  const signatures =
    'type' in asked
      ? signInstruction(read<PreparedInstruction>(0), asked, party, key)
      : signQuote(read<PreparedQuote>(0), asked, party, key);
  console.log(JSON.stringify({ signatures }));
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
}

/** An exported audit trail, recomputed: needs neither database nor chain, and nothing that the build makes. */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { TrailCheck, type CheckedLink, type Finding } from '#domain/audit/check.ts';
import type { ChainedEntry } from '#domain/audit/chain.ts';
import { StartError } from '../config.ts';
import { report, type AuditReport } from './report.ts';

type Line = { readonly link: CheckedLink; readonly entries: readonly ChainedEntry[] };

/** Of a file that `GET /api/audit/export` gave: it may hold some of the entries only. Needs neither database nor chain. */
export async function verifyExport(file: string): Promise<AuditReport> {
  let check: TrailCheck | undefined;
  const findings: Finding[] = [];
  let [links, entries] = [0, 0];
  for await (const text of createInterface({ input: createReadStream(file) })) {
    const line = readLine(text, links + 1);
    const before = BigInt(line.link.no) - 1n;
    check ??= new TrailCheck([], before === 0n ? undefined : { no: before, hash: line.link.previous });
    findings.push(...check.link(line.link, new Map(line.entries.map((entry) => [entry.id, entry])), false));
    links++;
    entries += line.entries.length;
  }
  if (check === undefined) throw new StartError(`${file} holds no link`);
  return report(`${links} links up to ${check.head.no}, ${entries} entries`, check.head.hash, findings);
}

function readLine(text: string, number: number): Line {
  try {
    const line = JSON.parse(text) as Line;
    if (typeof line.link.no === 'string' && Array.isArray(line.entries)) return line;
  } catch {
    // said below
  }
  throw new StartError(`line ${number} is not a line of an exported audit trail`);
}

/** What a member took away, checked: needs neither database nor chain nor network, and nothing that the build makes. */
import { existsSync, mkdirSync, openAsBlob, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { firmKeyOfExport, openAttached, type CodeTrouble } from '#client/documents/taken.ts';
import { Archive } from '#domain/leaving/archive.ts';
import { checkExport, type ExportReport } from '#domain/leaving/check.ts';
import { sayFinding } from '#domain/leaving/findings.ts';
import { StartError } from '../config.ts';

export type TakenReport = { readonly text: string; readonly isGood: boolean };

/** Findings that are told. */
const MOST = 20;

/** What the documents of an export are opened by, and where they are written. */
export type Opening = { readonly code: string; readonly folder: string };

export async function verifyTaken(file: string, opening?: Opening): Promise<TakenReport> {
  if (!existsSync(file)) throw new StartError(`there is no ${file}`);
  const archive = await openAsBlob(file)
    .then((blob) => Archive.open(blob))
    .catch(() => undefined);
  if (archive === undefined)
    return { isGood: false, text: `${file} is no whole archive: it is damaged, or its end is missing` };
  const report = await checkExport(archive);
  const isGood = report.findings.length === 0;
  const opened = opening === undefined || !isGood ? undefined : await openInto(archive, report, opening);
  return {
    isGood: isGood && opened?.isGood !== false,
    text: [...summary(report), ...outside(report), ...(opened?.lines ?? [])].join('\n'),
  };
}

const TROUBLE: Readonly<Record<CodeTrouble, string>> = {
  misread: 'the recovery code is mistyped',
  other: 'this is not the recovery code of the key in the archive',
  none: 'the archive has no key for documents that a recovery code opens',
};

/** Writes what opens as FOLDER/BILL/NAME; nothing that is there already is replaced. */
async function openInto(
  archive: Archive,
  { manifest }: ExportReport,
  { code, folder }: Opening,
): Promise<{ isGood: boolean; lines: string[] }> {
  const firm = await firmKeyOfExport(archive, manifest!, code);
  if (typeof firm === 'string') return { isGood: false, lines: [TROUBLE[firm]] };
  const lines: string[] = [];
  let isGood = true;
  for await (const { billNo, id, name, plain } of openAttached(archive, manifest!, firm)) {
    if (plain === undefined) {
      isGood = false;
      lines.push(`document ${id} of bill ${billNo} does not open: its key was not given to the firm`);
      continue;
    }
    mkdirSync(join(folder, billNo), { recursive: true });
    const path = join(folder, billNo, `${id.slice(0, 8)}-${name}`);
    if (existsSync(path)) throw new StartError(`${path} is there already: give an empty folder`);
    writeFileSync(path, plain, { flag: 'wx' });
    lines.push(`opened ${path}`);
  }
  return { isGood, lines };
}

function summary({ findings, counts }: ExportReport): string[] {
  const counted =
    `${counts.files} files, ${counts.bills} bills, ${counts.parcels} parcels, ${counts.acts} acts ` +
    `(${counts.hiddenActs} by their hash alone), ${counts.words} words of the ledger, ${counts.entries} audit entries`;
  if (findings.length === 0) return [`the export holds: ${counted}`];
  const more = findings.length > MOST ? [`  and ${findings.length - MOST} more`] : [];
  return [
    `the export does not hold (${counted}):`,
    ...findings.slice(0, MOST).map((finding) => `  ${finding.file}: ${sayFinding(finding).en}`),
    ...more,
  ];
}

/** What only who has more than the archive can say. */
function outside({ manifest, signer }: ExportReport): string[] {
  if (manifest === undefined) return [];
  const { chain, member, madeAt } = manifest;
  return [
    `of member ${member.number} (${member.name.en}), made at ${madeAt}`,
    `to be compared outside: on chain ${chain.chainId}, block ${chain.block.number} has the hash ${chain.block.hash}`,
    `to be compared outside: the platform’s address for exports is ${signer ?? 'not the one that signed'}`,
  ];
}

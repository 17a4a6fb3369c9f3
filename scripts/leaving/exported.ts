/** What a member took away, checked: needs neither database nor chain nor network, and nothing that the build makes. */
import { existsSync, openAsBlob } from 'node:fs';
import { Archive } from '#domain/leaving/archive.ts';
import { checkExport, type ExportReport } from '#domain/leaving/check.ts';
import { sayFinding } from '#domain/leaving/findings.ts';
import { StartError } from '../config.ts';

export type TakenReport = { readonly text: string; readonly isGood: boolean };

/** Findings that are told. */
const MOST = 20;

export async function verifyTaken(file: string): Promise<TakenReport> {
  if (!existsSync(file)) throw new StartError(`there is no ${file}`);
  const archive = await openAsBlob(file)
    .then((blob) => Archive.open(blob))
    .catch(() => undefined);
  if (archive === undefined)
    return { isGood: false, text: `${file} is no whole archive: it is damaged, or its end is missing` };
  const report = await checkExport(archive);
  return { isGood: report.findings.length === 0, text: [...summary(report), ...outside(report)].join('\n') };
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

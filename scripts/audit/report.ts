/** What was found of an audit trail, as lines to read. */
import type { Finding } from '#domain/audit/check.ts';

export type AuditReport = { readonly text: string; readonly isGood: boolean };

/** Findings that are told. */
const MOST = 20;

export function report(counts: string, head: string, findings: readonly Finding[]): AuditReport {
  if (findings.length === 0) return { isGood: true, text: `audit trail as written: ${counts}; head ${head}` };
  const more = findings.length > MOST ? [`  and ${findings.length - MOST} more`] : [];
  return {
    isGood: false,
    text: [`audit trail is not as written (${counts}):`, ...findings.slice(0, MOST).map(say), ...more].join(
      '\n',
    ),
  };
}

function say(finding: Finding): string {
  switch (finding.what) {
    case 'link missing':
      return `  link ${finding.link} is missing`;
    case 'link displaced':
      return `  link ${finding.link} does not follow the link before it`;
    case 'link altered':
      return `  link ${finding.link} is altered`;
    case 'entry missing':
      return `  entry ${finding.entry} of link ${finding.link} is missing`;
    case 'entry altered':
      return `  entry ${finding.entry} of link ${finding.link} is altered`;
    case 'entry inserted':
      return `  entry ${finding.entry} was inserted: no link knows it`;
    case 'anchor differs':
      return `  link ${finding.link} is not the one that was anchored: the trail was written anew`;
    case 'anchor beyond':
      return `  link ${finding.link} was anchored, and the trail ends before it`;
  }
}

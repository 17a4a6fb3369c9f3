import type { Ledger } from '../ledger/ledger.ts';
import type { Row } from '../ledger/versions.ts';

type Line = Row<'ledger.line'>;
type GroupLine = Row<'ledger.group_line'>;
type LineKey = Pick<Line, 'bank' | 'obligor'>;

/** @param group 0 for none. */
export async function setLine(ledger: Ledger, key: LineKey, limit: bigint, group: bigint): Promise<void> {
  const line = await lineOf(ledger, key);
  await ledger.lines.set({ ...line, limit_minor: limit, group_no: group === 0n ? null : group });
}

export const setGroupLine = (ledger: Ledger, bank: number, group: bigint, limit: bigint): Promise<void> =>
  changeGroup(ledger, bank, group, () => ({ limit_minor: limit }));

/** @param reserved Of the line, after the act; its group's moves by as much. */
export async function reserveLine(ledger: Ledger, key: LineKey, reserved: bigint): Promise<void> {
  const line = await lineOf(ledger, key);
  await ledger.lines.set({ ...line, reserved_minor: reserved });
  if (line.group_no === null) return;
  const change = reserved - line.reserved_minor;
  await changeGroup(ledger, key.bank, line.group_no, (group) => ({
    reserved_minor: group.reserved_minor + change,
  }));
}

/** @param used Of the line, after the act. @param groupUsed Of its group; 0 if it has none. */
export async function useLine(ledger: Ledger, key: LineKey, used: bigint, groupUsed: bigint): Promise<void> {
  const line = await lineOf(ledger, key);
  await ledger.lines.set({ ...line, used_minor: used });
  if (line.group_no !== null)
    await changeGroup(ledger, key.bank, line.group_no, () => ({ used_minor: groupUsed }));
}

async function lineOf(ledger: Ledger, key: LineKey): Promise<Line> {
  const none = { limit_minor: 0n, reserved_minor: 0n, used_minor: 0n, group_no: null };
  return (await ledger.lines.get(key)) ?? { ...key, ...none };
}

async function changeGroup(
  ledger: Ledger,
  bank: number,
  group: bigint,
  change: (line: GroupLine) => Partial<GroupLine>,
): Promise<void> {
  const key = { bank, group_no: group };
  const none = { limit_minor: 0n, reserved_minor: 0n, used_minor: 0n };
  const line = (await ledger.groupLines.get(key)) ?? { ...key, ...none };
  await ledger.groupLines.set({ ...line, ...change(line) });
}

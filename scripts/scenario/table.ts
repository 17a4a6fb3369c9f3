/** The acts that follow from instructions, as docs/scenarios.md lists them: `node scripts/scenario/table.ts` prints it. */
import type { Asks, Definition } from '#domain/instructions/instruction.ts';
import { instructions } from '#domain/instructions/instructions.ts';
import { asksOf, DERIVED, formatName } from './derived.ts';

export function derivedTable(): string {
  const rows = DERIVED.map((name) => {
    const { scenario = '', makesParcel } = instructions[name] as Definition<Asks, never>;
    const asked = asksOf(name);
    const needed = ['by', ...asked.flatMap(([field, , isOptional]) => (isOptional ? [] : [field]))];
    const choices = [
      ...asked.flatMap(([field, , isOptional]) => (isOptional ? [field] : [])),
      ...(makesParcel ? ['as'] : []),
    ];
    const fields = [needed.join(', '), choices.map((field) => `\`${field}\``).join(', ')].filter(Boolean);
    return [`\`${formatName(name)}\``, fields.join('; '), scenario];
  });
  const table = [['act', 'fields', 'meaning'], ...rows];
  const widths = [0, 1, 2].map((column) => Math.max(...table.map((row) => row[column]!.length)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, n) => cell.padEnd(widths[n]!)).join(' | ')} |`;
  const [head, ...body] = table.map(line);
  return [head, `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...body].join('\n');
}

if (import.meta.main) console.log(derivedTable());

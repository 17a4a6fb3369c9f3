/** The code blocks of a guide, and what makes them a test. */
export type Block = {
  readonly language: string;
  /** The file that the reader saves it as; undefined: commands. */
  readonly file: string | undefined;
  readonly text: string;
  /** The HTML comment right before it. */
  readonly note: string;
};

/** Blocks of shell commands, and those that are saved as a file. */
export function blocksOf(markdown: string): Block[] {
  const pattern =
    /(?:<!-- (?<note>[^>]*) -->\n\n)?^```(?<language>\w+)(?: file=(?<file>\S+))?\n(?<text>[\s\S]*?)^```$/gm;
  return [...markdown.matchAll(pattern)]
    .map(({ groups = {} }) => ({
      language: groups['language'] ?? '',
      file: groups['file'],
      text: groups['text'] ?? '',
      note: groups['note'] ?? '',
    }))
    .filter(({ language, file }) => language === 'sh' || file !== undefined);
}

/** A file of the guide is saved by the shell, as the reader does. */
export const withFiles = (block: Block): Block =>
  block.file === undefined
    ? block
    : { ...block, text: `cat > ${block.file} <<'END_OF_FILE'\n${block.text}END_OF_FILE\n` };

/**
 * `command   # answer` (three blanks) has to print the answer; what follows a colon there is for the reader. The command
 * may be refused by the API, if that is what it prints.
 */
export const checking = ({ text }: Block): string =>
  text.replaceAll(/^(?<command>\S.*?) {3}# (?<answer>[^:\n]+).*$/gm, (_, command: string, answer: string) =>
    [
      `answered=$(${command}) || true`,
      `if [ "$answered" != ${quoted(answer)} ]; then`,
      `  echo ${quoted(`${command}: ${answer} expected`)} "but $answered" >&2; exit 1`,
      'fi',
    ].join('\n'),
  );

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';

const PROGRAM = `
  const { logTo } = await import('#scripts/log.ts');
  const log = logTo(2, 'info');
  log.info('the first');
  process.stdin.once('data', () => {
    log.error('the last');
    process.exit(3);
  });`;

it('writes a line that none follows, and with the end of the process whatever was logged', async () => {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', PROGRAM], {
    cwd: resolve(import.meta.dirname, '../..'),
  });
  let output = '';
  await new Promise<void>((settle) =>
    child.stderr.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes('the first')) settle();
    }),
  );
  expect(output).not.toContain('the last');
  child.stdin.write('end');
  expect(await once(child, 'close')).toEqual([3, null]);
  expect(
    output
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { msg: string }).msg),
  ).toEqual(['the first', 'the last']);
});

/** Builds the page that verifies exports: one file with everything in it, whose policy lets nothing else run and nothing be fetched. */
import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { build, type Rolldown } from 'vite';

const here = import.meta.dirname;

export const VERIFIER_FILE = join(here, '../static/tallystick-verifier.html');

export async function buildVerifier(file: string = VERIFIER_FILE): Promise<void> {
  const built = (await build({
    configFile: false,
    root: here,
    logLevel: 'error',
    build: {
      write: false,
      modulePreload: false,
      target: 'es2022',
      rolldownOptions: { input: join(here, 'main.ts'), output: { format: 'iife' } },
    },
  })) as Rolldown.RolldownOutput;
  const script = inline(built.output[0].code.trim());
  const style = inline(await readFile(join(here, 'style.css'), 'utf8')).trim();
  const policy = [
    "default-src 'none'",
    `script-src '${hashOf(script)}'`,
    `style-src '${hashOf(style)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const page = await readFile(join(here, 'page.html'), 'utf8');
  const parts: Readonly<Record<string, string>> = { policy, style, script };
  await mkdir(dirname(file), { recursive: true });
  await writeFile(
    file,
    page.replace(/\s*%(policy|style|script)%\s*/g, (_, name: string) => parts[name]!),
  );
}

const hashOf = (text: string): string => `sha256-${createHash('sha256').update(text).digest('base64')}`;

/** What would end the element that it stands in is written otherwise. */
const inline = (text: string): string =>
  text.replaceAll('</script', '<\\/script').replaceAll('<!--', '<\\!--');

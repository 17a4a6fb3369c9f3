import { spawnSync } from 'node:child_process';
import { StartError } from './config.ts';
import { installPackages } from './debian.ts';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const packages = ['chromium', 'fonts-noto-cjk'];

/** Path of a Chromium: what CHROMIUM names, or one of the machine's. */
export function findBrowser(): string | undefined {
  if (process.env['CHROMIUM']) return process.env['CHROMIUM'];
  for (const name of names) {
    const { status, stdout } = spawnSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' });
    if (status === 0) return stdout.trim();
  }
  return undefined;
}

/** Installs a browser with Chinese fonts where Debian's packages are at hand. Throws {@link StartError} otherwise. */
export function ensureBrowser(): string {
  const present = findBrowser();
  if (present !== undefined && hasChineseFonts()) return present;
  installPackages(packages);
  const installed = findBrowser();
  if (installed !== undefined) return installed; // without fonts the pages work, they only look poor
  throw new StartError(
    `no browser for the end-to-end test: install ${packages.join(' and ')}, or set CHROMIUM to one`,
  );
}

function hasChineseFonts(): boolean {
  const { status, stdout } = spawnSync('fc-list', [':lang=zh', 'family'], { encoding: 'utf8' });
  return status === 0 && stdout.trim() !== '';
}

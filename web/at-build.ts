/** A module whose exports are data: it runs when the web app is built, and what it exports travels, not what it is made from. */
import type { Plugin } from 'vite';

export const atBuild = (module: RegExp): Plugin => ({
  name: 'at-build',
  apply: 'build',
  enforce: 'pre',
  async load(id) {
    if (!module.test(id)) return undefined;
    const exports = Object.entries((await import(id)) as Record<string, unknown>);
    return exports.map(([name, value]) => `export const ${name} = ${JSON.stringify(value)};`).join('\n');
  },
});

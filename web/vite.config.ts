import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { paraglideVitePlugin } from '@inlang/paraglide-js';
import adapter from '@sveltejs/adapter-static';
import type { Adapter } from '@sveltejs/kit';
import { sveltekit } from '@sveltejs/kit/vite';
import tailwindcss from '@tailwindcss/vite';
import { defineConfig } from 'vite';
import { atBuild } from './at-build.ts';
import { inFewFiles } from './chunks.ts';
import { buildVerifier } from './verifier/build.ts';

const root = import.meta.dirname;

/** A static single-page app: the API serves web/build and answers index.html for every path that is not its own. */
export default defineConfig(async ({ command }) => {
  // Whoever builds, also a test: what is served is what members get.
  if (command === 'build') {
    process.env['NODE_ENV'] = 'production';
    await buildVerifier(); // one of the static files
  }
  return {
    root,
    plugins: [
      paraglideVitePlugin({
        project: `${root}/project.inlang`,
        outdir: `${root}/src/lib/paraglide`,
        strategy: ['cookie', 'preferredLanguage', 'baseLocale'],
        cookieName: 'locale',
        emitReadme: false,
        emitPrettierIgnore: false,
        emitGitIgnore: false,
      }),
      tailwindcss(),
      atBuild(/\/(instructions|notices)\/titles\.ts$/),
      inFewFiles(),
      sveltekit({
        adapter: readyToServe(adapter({ pages: `${root}/build`, fallback: 'index.html' })),
        compilerOptions: { runes: true },
        paths: { relative: false },
      }),
    ],
    server: { proxy: { '/api': process.env['API_URL'] ?? 'http://127.0.0.1:8080' } },
  };
});

/**
 * Moves the script that starts the app into a file, so that a content security policy of `script-src 'self'` holds. Then
 * lays a .br and a .gz beside each file, which the API sends in its place.
 */
function readyToServe(inner: Adapter): Adapter {
  return {
    ...inner,
    async adapt(builder) {
      await inner.adapt(builder);
      const page = `${root}/build/index.html`;
      const html = await readFile(page, 'utf8');
      const [inline, script] = /<script>([\s\S]*?)<\/script>/.exec(html) ?? [];
      if (inline === undefined || script === undefined)
        throw new Error('index.html has no script to start the app');
      const name = `_app/start-${createHash('sha256').update(script).digest('hex').slice(0, 8)}.js`;
      await writeFile(`${root}/build/${name}`, script);
      await writeFile(page, html.replace(inline, `<script src="/${name}"></script>`));
      await builder.compress(`${root}/build`);
    },
  };
}

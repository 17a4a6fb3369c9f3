/**
 * Which modules travel together. Left alone, the bundler makes a file for every set of pages that share something: some forty
 * tiny files for a page. Here what everybody needs to enter is one file, the shell another, then what homes, pages and sheets
 * share.
 */
import type { Plugin, Rolldown } from 'vite';

type Modules = Pick<Rolldown.PluginContext, 'getModuleInfo'>;

const OURS = /\/(web\/src|services\/domain|@lucide\/svelte)\//;
/** Comes before everything: SvelteKit's other modules read when they start what the first script was told (the version). */
const FIRST = /vite\/preload-helper|\/client\/payload\.js$/;
const MESSAGES = `${import.meta.dirname}/src/lib/paraglide/messages.js`;
const MESSAGE = /\/paraglide\/messages\/(\w+)\.js$/;
/** With what /enter loads when it knows whether this is a demonstration. */
const ENTRANCE =
  /\/routes\/(\+layout|\+error|enter\/\+page)\.(svelte|ts)$|\/(shell\/Entrance|people\/SignIn)\.svelte$/;
const SHELL = /\/routes\/\(app\)\/\+layout\.(svelte|ts)$/;
const PAGE = /\/routes\/.*\+page\.svelte$/;
/** The homes, loaded by who enters; they are found under an address of their own, too. */
const HOMES = /\/(home\/Home|supervision\/Supervision|status\/Status)\.svelte$/;
/** Who is reached from one of these goes into the file of that name; the first that fits. */
const FILES: readonly (readonly [file: string, starts: RegExp])[] = [
  ['start', FIRST],
  ['enter', ENTRANCE],
  ['shell', SHELL],
  ['home', /\/(home\/(Home|CashToday)|status\/Status)\.svelte$/],
  ['charts', /\/(home\/HomeCharts|supervision\/Supervision)\.svelte$/],
  ['tables', /\/operator\/Relayer\.svelte$/],
  ['pages', PAGE],
];
/** So many pages have to share a module, or a word, before it goes into the file that all of them load. */
const PAGES = 7;

export function inFewFiles(): Plugin {
  let users: Map<string, string[]> | undefined;
  const isIn = (file: string, id: string, modules: Modules): boolean => {
    if (FIRST.test(id)) return file === 'start';
    if (!OURS.test(id)) return false;
    users ??= usersOfMessages(modules);
    return fileOf(id, [...startsOf(id, modules, users)]) === file;
  };
  // A file takes along what its modules import, so the first has to be the one that everybody loads.
  const groups = FILES.map(([file], index) => ({
    debugName: file,
    name: (id: string, modules: Modules) => (isIn(file, id, modules) ? file : null),
    priority: FILES.length - index,
  }));
  return {
    name: 'in-few-files',
    apply: 'build',
    configEnvironment: (environment) =>
      environment === 'client'
        ? {
            build: {
              rolldownOptions: { output: { codeSplitting: { groups } } },
            },
          }
        : undefined,
  };
}

function fileOf(id: string, starts: readonly string[]): string | undefined {
  if (starts.length < 2) return undefined;
  const files = FILES.filter(([, start]) => starts.some((each) => start.test(each))).map(([file]) => file);
  // Tables need no charts, nor charts tables: what both need comes before them.
  if (files[0] === 'charts' && files[1] === 'tables') return 'home';
  const pages = starts.filter((each) => PAGE.test(each)).length;
  // What the relayer's table shares with a page or two, the names of acts, is no part of every table.
  if (files[0] === 'tables' && pages < (MESSAGE.test(id) ? 2 : PAGES)) return undefined;
  return files[0] === 'pages' && pages < PAGES ? undefined : files[0];
}

/** The pages, layouts and parts loaded later from which a module is reached. */
function startsOf(
  id: string,
  modules: Modules,
  users: ReadonlyMap<string, readonly string[]>,
  seen = new Set<string>(),
  starts = new Set<string>(),
): Set<string> {
  if (seen.has(id)) return starts;
  seen.add(id);
  const module = modules.getModuleInfo(id);
  if (module === null) return starts;
  if (module.dynamicImporters.length > 0 || ENTRANCE.test(id) || SHELL.test(id) || PAGE.test(id))
    starts.add(id);
  if (HOMES.test(id)) return starts;
  const [, message] = MESSAGE.exec(id) ?? [];
  const importers = message === undefined ? module.importers : (users.get(message) ?? []);
  for (const importer of importers) startsOf(importer, modules, users, seen, starts);
  return starts;
}

/** All messages come through one module: who uses which is read in the code. */
function usersOfMessages(modules: Modules): Map<string, string[]> {
  const users = new Map<string, string[]>();
  for (const importer of modules.getModuleInfo(MESSAGES)?.importers ?? [])
    for (const [, message] of modules.getModuleInfo(importer)?.code?.matchAll(/\bm\.(\w+)/g) ?? [])
      users.set(message!, [...(users.get(message!) ?? []), importer]);
  return users;
}

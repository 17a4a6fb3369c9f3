#!/usr/bin/env node
// The way into every command: runs on whatever Node the machine has (18 or newer), installs what the lockfile names when
// it is not there, and hands over to the pinned Node, which runs our TypeScript as it is.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const commands = [
  'start',
  'test',
  'scenario',
  'replay',
  'deploy',
  'govern',
  'verify',
  'rebuild',
  'anchor',
  'backup',
  'restore',
  'bench',
];
const pinnedNode = join(root, 'node_modules/node/bin', process.platform === 'win32' ? 'node.exe' : 'node');

const [command, ...args] = process.argv.slice(2);
if (!commands.includes(command)) fail(`usage: node scripts/bootstrap.mjs ${commands.join('|')} [arguments]`);
if (!existsSync(join(root, `scripts/${command}.ts`))) fail(`there is no command "${command}" yet`);
if (!isInstalled()) install();
run(join(root, `scripts/${command}.ts`), args);

/** Whether node_modules holds what the lockfile names; packages for other platforms may be absent. */
function isInstalled() {
  if (!existsSync(pinnedNode)) return false;
  const locked = readPackages('package-lock.json');
  const present = readPackages('node_modules/.package-lock.json');
  return Object.entries(locked).every(
    ([path, { version, optional, devOptional }]) =>
      path === '' || optional || devOptional || present[path]?.version === version,
  );
}

function readPackages(file) {
  try {
    return JSON.parse(readFileSync(join(root, file), 'utf8')).packages;
  } catch {
    return {};
  }
}

function install() {
  console.log('installing dependencies (once)');
  const isNewEnough = Number(process.versions.node.split('.')[0]) >= 24;
  const npm = ['npm', 'ci', '--no-audit', '--no-fund', '--loglevel=error'];
  const [program, ...rest] = isNewEnough ? npm : ['npx', '--yes', '--package=node@24', '--', ...npm];
  const { status, error } = spawnSync(program, rest, {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (status !== 0) fail(`the dependencies could not be installed${error ? `: ${error.message}` : ''}`);
  if (!existsSync(pinnedNode)) fail('the pinned Node was not installed: does npm ignore install scripts?');
}

/** The channel tells the command when we are gone; npm's death, which would leave us behind, we have to watch for. */
function run(entry, entryArgs) {
  const child = spawn(pinnedNode, [entry, ...entryArgs], { stdio: ['inherit', 'inherit', 'inherit', 'ipc'] });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  const started = ancestors();
  const watch = () => ancestors() !== started && child.kill('SIGTERM');
  if (process.env.npm_lifecycle_event !== undefined) setInterval(watch, 500).unref();
  child.on('error', (error) => fail(error.message));
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

/** Our parent and its parent: npm may run us through a shell. */
function ancestors() {
  try {
    const stat = readFileSync(`/proc/${process.ppid}/stat`, 'utf8');
    return `${process.ppid} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]}`;
  } catch {
    return String(process.ppid); // no /proc here, or the parent is just gone
  }
}

function fail(message) {
  console.error(message);
  process.exit(1);
}

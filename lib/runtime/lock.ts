/** One runtime a data folder: a second one is told who holds it. Fencing tokens keep the ledger safe even without this. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FatalError } from '../model/errors';

/** @throws FatalError DATA_DIR_IN_USE when a living process holds the folder */
export function lockDataDir(dataDir: string): () => void {
  mkdirSync(dataDir, { recursive: true });
  const path = join(dataDir, 'runtime.pid');
  const holder = holderOf(path);
  if (holder !== undefined && holder !== process.pid) {
    throw new FatalError('DATA_DIR_IN_USE', `the data folder ${dataDir} is in use by process ${holder}`, {
      hint: 'Stop that runtime, or give this one another REROUTE_DATA_DIR.',
    });
  }
  writeFileSync(path, `${process.pid} ${startedAt(process.pid) ?? ''}\n`);
  return () => rmSync(path, { force: true });
}

/** A process id alone may have been given to somebody else since a crash: the start time tells. */
function holderOf(path: string): number | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
  const [id, started] = text.trim().split(' ');
  const pid = Number(id);
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  try {
    process.kill(pid, 0);
  } catch {
    return undefined;
  }
  return started === undefined || started === startedAt(pid) ? pid : undefined;
}

/** Field 22 of /proc/<pid>/stat, clock ticks since boot; undefined where there is no /proc. */
function startedAt(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

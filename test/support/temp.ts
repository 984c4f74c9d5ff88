/** Temporary folders that go away with the test process. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const made: string[] = [];

function removeAll(): void {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
}

/**
 * Makes an empty folder of its own; it is removed when the test process ends.
 * @param name says in the folder's name whose it is.
 */
export function tempDir(name = 'test'): string {
  if (made.length === 0) process.once('exit', removeAll);
  const folder = mkdtempSync(join(tmpdir(), `reroute-${name}-`));
  made.push(folder);
  return folder;
}

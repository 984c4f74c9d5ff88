/** Finds the servers and the browser that a machine has. */
import { accessSync, constants, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Where a program is, on PATH or in `extraFolders`.
 * @returns undefined when the machine does not have it.
 */
export function onPath(name: string, extraFolders: readonly string[] = []): string | undefined {
  // Debian keeps servers in sbin, which is not on every user's PATH.
  const folders = [
    ...(process.env.PATH ?? '').split(delimiter),
    '/usr/sbin',
    '/usr/local/sbin',
    ...extraFolders,
  ];
  return folders
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name))
    .find(isExecutable);
}

/** Debian installs each PostgreSQL version into a folder of its own and links only the client programs; the newest comes first. */
export function postgresFolders(base = '/usr/lib/postgresql'): string[] {
  try {
    return readdirSync(base)
      .sort((a, b) => Number(b) - Number(a))
      .map((version) => join(base, version, 'bin'));
  } catch {
    return [];
  }
}

/** A Chromium that playwright-core can drive; undefined when there is none. */
export function findChromium(): string | undefined {
  const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];
  return names.map((name) => onPath(name)).find((path) => path !== undefined);
}

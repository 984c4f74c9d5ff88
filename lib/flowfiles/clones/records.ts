/** Reads the records of all clones. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Library, readChecked } from '../templates/library';
import { type CloneRecord, cloneRecord, recordEnding, regionFolder } from './record';

/** Paths of the records below the flows folder: by region, `global` first, then by template. */
export async function recordPaths(library: Library): Promise<string[]> {
  const found: string[] = [];
  for (const region of await library.regions()) {
    const names = await readdir(join(library.flowsDir, regionFolder(region))).catch(() => []);
    const own = names.filter((one) => one.endsWith(recordEnding)).sort();
    found.push(...own.map((name) => `${regionFolder(region)}/${name}`));
  }
  return found;
}

/** @throws FatalError FLOW_FILE_BROKEN */
export async function cloneRecords(library: Library): Promise<CloneRecord[]> {
  const found: CloneRecord[] = [];
  for (const path of await recordPaths(library)) {
    const record = await readChecked(library.flowsDir, path, cloneRecord);
    if (record) found.push(record);
  }
  return found;
}

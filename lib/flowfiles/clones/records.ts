/** Reads the records of all clones. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Library, readChecked } from '../templates/library';
import { type CloneRecord, cloneRecord, recordEnding, regionFolder } from './record';

/** By region, `global` first, then by template. @throws FatalError FLOW_FILE_BROKEN */
export async function cloneRecords(library: Library): Promise<CloneRecord[]> {
  const { flowsDir } = library;
  const found: CloneRecord[] = [];
  for (const region of await library.regions()) {
    const names = await readdir(join(flowsDir, regionFolder(region))).catch(() => []);
    for (const name of names.filter((one) => one.endsWith(recordEnding)).sort()) {
      const record = await readChecked(flowsDir, `${regionFolder(region)}/${name}`, cloneRecord);
      if (record) found.push(record);
    }
  }
  return found;
}

/** A new region begins as another one does: its settings are copied and then edited. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { jsonText } from '../clones/files';
import { regionFileName, regionFolder } from '../clones/record';
import { replaceFile } from '../files';
import { Library } from './library';
import { globalRegion, regionFile } from './region';

/** @returns false when the region is there already; then nothing is written. @throws FatalError REGION_UNKNOWN when `like` is not */
export async function startRegion(flowsDir: string, id: string, like: string): Promise<boolean> {
  const path = join(flowsDir, regionFolder(id), regionFileName);
  if (existsSync(path)) return false;
  const model = await new Library(flowsDir).region(like);
  const region = regionFile.parse({
    ...model,
    ...{ id, name: id, cases: id === globalRegion ? [] : [id] },
  });
  await replaceFile(path, jsonText(region));
  return true;
}

/** A new region begins as another one does: its settings are copied and then edited. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { jsonText } from '../clones/files';
import { clonePath, regionFileName, regionFolder } from '../clones/record';
import { testEnding } from '../clones/tests';
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

/**
 * The tests of the model region's clone, about the new region; they are edited as its settings are.
 * @returns the file, below the flows folder; undefined where the model has none, or the region has some already
 */
export async function copyTests(
  flowsDir: string,
  template: string,
  { region, like }: { region: string; like: string },
): Promise<string | undefined> {
  const [from, to] = [like, region].map((id) => clonePath(template, id).replace(/\.json$/, testEnding));
  if (from === undefined || to === undefined || existsSync(join(flowsDir, to))) return undefined;
  const text = await readFile(join(flowsDir, from), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  await replaceFile(join(flowsDir, to), text.replaceAll(like, region));
  return to;
}

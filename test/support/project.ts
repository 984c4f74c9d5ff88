/** The project as files: where it is and what they say. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The lock file marks the top: a build folder holds a copy of package.json, never of the lock. */
function topOf(folder: string): string {
  if (existsSync(join(folder, 'package-lock.json'))) return folder;
  if (dirname(folder) === folder) throw new Error(`${__dirname} lies in no checkout of the project`);
  return topOf(dirname(folder));
}

/** The top folder of the checkout that these compiled tests belong to. */
export const root = topOf(__dirname);

/** The text of a project file. */
export const readProject = (name: string): string => readFileSync(join(root, name), 'utf8');

export interface PackageManifest {
  version: string;
  scripts: Record<string, string>;
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
  files: string[];
  bin: Record<string, string>;
}

export const packageManifest = (): PackageManifest =>
  JSON.parse(readProject('package.json')) as PackageManifest;

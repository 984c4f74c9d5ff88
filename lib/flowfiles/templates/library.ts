/** Reads templates and regions below the flows folder. Nothing is cached: the files are the truth, and they are few. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import { FatalError } from '../../model/errors';
import { compareVersions } from '../bump';
import { regionFileName, regionFolder } from '../clones/record';
import { parseFlowFile } from '../files';
import type { FlowNode } from '../format';
import { globalRegion, type Region, regionFile } from './region';
import { semver, slug, type Template, templateManifest, templateProblems } from './template';

/**
 * A JSON file below the flows folder, checked.
 * @returns undefined when there is no such file
 * @throws FatalError FLOW_FILE_BROKEN with the path and a sentence for each mistake
 */
export async function readChecked<T>(
  flowsDir: string,
  path: string,
  schema: z.ZodType<T>,
): Promise<T | undefined> {
  const text = await textOf(join(flowsDir, path));
  if (text === undefined) return undefined;
  const broken = (words: string, cause?: unknown) =>
    new FatalError('FLOW_FILE_BROKEN', `flows/${path}: ${words}`, {
      hint: 'Repair it or take the last committed version.',
      cause,
    });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw broken('is no JSON', cause);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw broken(parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '));
}

/** @throws FatalError FLOW_FILE_BROKEN */
export async function readFlow(flowsDir: string, path: string): Promise<FlowNode[] | undefined> {
  const text = await textOf(join(flowsDir, path));
  return text === undefined ? undefined : parseFlowFile(path, text);
}

/** Undefined when there is no such file. */
const textOf = (file: string): Promise<string | undefined> =>
  readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });

const foldersIn = async (folder: string): Promise<string[]> =>
  (await readdir(folder, { withFileTypes: true }).catch(() => []))
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();

export class Library {
  constructor(readonly flowsDir: string) {}

  /** Template id -> its versions, oldest first. */
  async versions(): Promise<Map<string, string[]>> {
    const found = new Map<string, string[]>();
    for (const id of await foldersIn(join(this.flowsDir, 'library'))) {
      const versions = (await foldersIn(join(this.flowsDir, 'library', id))).filter(
        (name) => semver.safeParse(name).success,
      );
      if (versions.length > 0) found.set(id, versions.sort(compareVersions));
    }
    return found;
  }

  /** The newest version of each template. */
  async newest(): Promise<Template[]> {
    const templates: Template[] = [];
    for (const [id, versions] of await this.versions())
      templates.push(await this.template(id, versions.at(-1)));
    return templates;
  }

  /**
   * @param version the newest when absent
   * @throws FatalError TEMPLATE_UNKNOWN, TEMPLATE_INVALID, FLOW_FILE_BROKEN
   */
  async template(id: string, version?: string): Promise<Template> {
    const versions = (await this.versions()).get(id) ?? [];
    const wanted = version ?? versions.at(-1);
    if (wanted === undefined || !versions.includes(wanted))
      throw new FatalError(
        'TEMPLATE_UNKNOWN',
        `there is no template ${id}${version === undefined ? '' : ` in version ${version}`}`,
        { hint: 'Run `reroute templates list` for all of them.' },
      );
    const folder = `library/${id}/${wanted}`;
    const manifest = await readChecked(this.flowsDir, `${folder}/template.json`, templateManifest);
    const nodes = await readFlow(this.flowsDir, `${folder}/flow.json`);
    const problems =
      manifest === undefined || nodes === undefined
        ? [`${manifest === undefined ? 'template.json' : 'flow.json'} is missing`]
        : [
            ...(manifest.id === id && manifest.version === wanted
              ? []
              : ['id and version are not those of its folder']),
            ...templateProblems({ manifest, nodes }),
          ];
    if (problems.length > 0 || manifest === undefined || nodes === undefined)
      throw new FatalError('TEMPLATE_INVALID', `flows/${folder}: ${problems.join('; ')}`, {
        hint: 'Correct template.json or flow.json.',
      });
    return { manifest, nodes };
  }

  /** Names of all regions; `global` first. */
  async regions(): Promise<string[]> {
    const regional = (await foldersIn(join(this.flowsDir, 'regions'))).filter(
      (id) => slug.safeParse(id).success,
    );
    return [globalRegion, ...regional];
  }

  /** @throws FatalError REGION_UNKNOWN, FLOW_FILE_BROKEN */
  async region(id: string): Promise<Region> {
    const path = `${regionFolder(slug.parse(id))}/${regionFileName}`;
    const region = await readChecked(this.flowsDir, path, regionFile);
    if (region?.id === id) return region;
    throw new FatalError(
      'REGION_UNKNOWN',
      region === undefined ? `there is no flows/${path}` : `flows/${path} names the region ${region.id}`,
      { hint: 'Write it, or begin from another region with --like REGION.' },
    );
  }
}

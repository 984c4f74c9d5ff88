/** What lists and forms show of a template. */
import { z } from 'zod';
import { parameterSchema } from '../templates/parameters';
import type { TemplateManifest } from '../templates/template';
import type { Clones } from './clones';
import type { CloneRecord } from './record';
import { cloneRecords } from './records';

export type TemplateView = Omit<TemplateManifest, '$schema'> & {
  /** Oldest first. */
  versions: string[];
  /** JSON Schema of the parameters: a form is drawn from it. */
  schema: Record<string, unknown>;
  /** Regions that have a clone, with the version it came from. */
  clones: { region: string; version: string }[];
};

export interface TemplateList {
  templates: TemplateView[];
  regions: { id: string; name: string }[];
}

export async function listTemplates(clones: Clones): Promise<TemplateList> {
  const { library } = clones;
  const versions = await library.versions();
  const records = await cloneRecords(library);
  const templates = (await library.newest()).map(({ manifest: { $schema: _schema, ...manifest } }) => ({
    ...manifest,
    versions: versions.get(manifest.id) ?? [manifest.version],
    schema: parametersJsonSchema(manifest),
    clones: records.filter(({ template }) => template === manifest.id).map(briefOf),
  }));
  const regions: TemplateList['regions'] = [];
  for (const id of await library.regions()) {
    const { name } = await library.region(id);
    regions.push({ id, name });
  }
  return { templates, regions };
}

const briefOf = ({ region, version }: CloneRecord) => ({ region, version });

export const parametersJsonSchema = ({ parameters }: Pick<TemplateManifest, 'parameters'>) =>
  z.toJSONSchema(parameterSchema(parameters), { io: 'input', unrepresentable: 'any' }) as Record<
    string,
    unknown
  >;

/** Writes templates and clones below the flows folder; nothing runs. */
import { join } from 'node:path';
import { FatalError } from '../../model/errors';
import { compareVersions, nextVersion } from '../bump';
import { replaceFile } from '../files';
import { byPlace, formatFlowFile, literalSecrets } from '../format';
import { draftTemplate } from '../templates/draft';
import { Library, readFlow } from '../templates/library';
import { globalRegion } from '../templates/region';
import type { Template } from '../templates/template';
import type { CloneChange, CloneTarget } from './clones';
import { clonePath, recordPath } from './record';

export const jsonText = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** The flow first: when the machine stops in between, the record still names the version before, and an upgrade is the same again. */
export function fileTarget(flowsDir: string): CloneTarget {
  return {
    async save({ path, nodes, record }: CloneChange): Promise<void> {
      await replaceFile(join(flowsDir, path), formatFlowFile([...nodes].sort(byPlace)));
      await replaceFile(join(flowsDir, recordPath(record.template, record.region)), jsonText(record));
    },
  };
}

export interface AddRequest {
  flowsDir: string;
  /** The flow file, below the flows folder. */
  flow: string;
  id: string;
  /** 1.0.0, or the next minor version, when absent. */
  version?: string | undefined;
  changes?: string | undefined;
}

/**
 * Makes a template, or the next version of one, of a flow file.
 * @throws FatalError TEMPLATE_EXISTS, TEMPLATE_INVALID, FLOW_MISSING, SECRET_IN_FLOW
 */
export async function addTemplate({ flowsDir, flow, id, version, changes }: AddRequest): Promise<Template> {
  const library = new Library(flowsDir);
  const nodes = await readFlow(flowsDir, flow);
  if (!nodes) throw new FatalError('FLOW_MISSING', `there is no flows/${flow}`);
  const versions = (await library.versions()).get(id) ?? [];
  const before = versions.length > 0 ? await library.template(id) : undefined;
  const wanted = version ?? nextVersion(before?.manifest.version, 'minor');
  if (versions.length > 0 && compareVersions(wanted, versions.at(-1) ?? '') <= 0)
    throw new FatalError('TEMPLATE_EXISTS', `${id} is at version ${versions.at(-1)} already`, {
      hint: 'A version never changes once it is there; choose a higher one.',
    });
  const secrets = literalSecrets(nodes);
  if (secrets.length > 0)
    throw new FatalError('SECRET_IN_FLOW', `${secrets[0]?.node} holds a secret in ${secrets[0]?.property}`, {
      hint: 'Use a reference like env:NAME or file:PATH.',
    });
  const template = draftTemplate(nodes, { id, version: wanted, changes, before });
  const folder = join(flowsDir, 'library', id, wanted);
  await replaceFile(join(folder, 'flow.json'), formatFlowFile([...template.nodes].sort(byPlace)));
  await replaceFile(join(folder, 'template.json'), jsonText(template.manifest));
  return library.template(id, wanted);
}

/** Whether the flow is the one that the global region runs: then the region's record follows the new version. */
export const isGlobalFlow = (flow: string, id: string): boolean => flow === clonePath(id, globalRegion);

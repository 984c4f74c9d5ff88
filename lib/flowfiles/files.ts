/** Flow files on disk: which files of a folder are flows, and reading and writing them. */
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { z } from 'zod';
import { FatalError } from '../model/errors';
import { type FlowNode, formatFlowFile, splitFlows } from './format';

/** Folders below `flows/` that are read as running flows; `library/` holds templates. */
const liveFolders = ['global', 'regions'];

/** Settings of a region and what a clone knows of its template stand beside the flows, and are none. */
const isFlowFile = (name: string): boolean =>
  name.endsWith('.json') &&
  name !== 'region.json' &&
  !name.endsWith('.clone.json') &&
  !/\.flowtest\./.test(name);

/** Node-RED's own shape; properties that nobody knows are kept. */
export const flowNodes = z.array(
  z.looseObject({
    id: z.string().min(1),
    type: z.string().min(1),
    z: z.string().optional(),
    label: z.string().optional(),
    name: z.string().optional(),
  }),
);

export interface FlowFolder {
  nodes: FlowNode[];
  /** File of each tab and subflow, below the folder. */
  paths: Map<string, string>;
}

/** @throws FatalError FLOW_FILE_BROKEN naming the file */
export async function readFlowFolder(folder: string): Promise<FlowFolder> {
  const nodes: FlowNode[] = [];
  const paths = new Map<string, string>();
  for (const path of await flowFilesOf(folder)) {
    const own = parseFlowFile(path, await readFile(join(folder, path), 'utf8'));
    for (const { id, type } of own) if (type === 'tab' || type === 'subflow') paths.set(id, path);
    nodes.push(...own);
  }
  return { nodes, paths };
}

/** Paths below the folder, with forward slashes, in a stable order. */
export async function flowFilesOf(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const live of liveFolders) {
    const entries = await readdir(join(folder, live), { recursive: true, withFileTypes: true }).catch(
      () => [],
    );
    for (const entry of entries)
      if (entry.isFile() && isFlowFile(basename(entry.name)))
        found.push(relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'));
  }
  return found.sort();
}

/** @throws FatalError FLOW_FILE_BROKEN */
export function parseFlowFile(path: string, text: string): FlowNode[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new FatalError('FLOW_FILE_BROKEN', `the flow file ${path} cannot be read as JSON`, {
      hint: 'Repair it or take the last committed version.',
      cause,
    });
  }
  const parsed = flowNodes.safeParse(value);
  if (parsed.success) return parsed.data.map(plainNode);
  const [issue] = parsed.error.issues;
  throw new FatalError(
    'FLOW_FILE_BROKEN',
    `the flow file ${path} holds no flow: ${issue?.path.join('.')}: ${issue?.message}`,
    {
      hint: 'A flow file is a list of nodes, each with id and type.',
    },
  );
}

/** Optional stays optional. */
function plainNode({
  id,
  type,
  z: home,
  label,
  name,
  ...rest
}: z.output<typeof flowNodes>[number]): FlowNode {
  return {
    id,
    type,
    ...(home === undefined ? {} : { z: home }),
    ...(label === undefined ? {} : { label }),
    ...(name === undefined ? {} : { name }),
    ...rest,
  };
}

/** Nodes as they were kept. @throws ZodError when they are none */
export function parseNodes(content: unknown): FlowNode[] {
  return flowNodes.parse(content).map(plainNode);
}

/** Brings the folder to these flows and removes the files of flows that are gone. Answers where each flow stands now. */
export async function writeFlowFolder(
  folder: string,
  nodes: FlowNode[],
  known: ReadonlyMap<string, string>,
): Promise<Map<string, string>> {
  const files = splitFlows(nodes, known);
  const kept = new Set(files.map(({ path }) => path));
  for (const { path, nodes: own } of files) await replaceFile(join(folder, path), formatFlowFile(own));
  for (const path of await flowFilesOf(folder)) if (!kept.has(path)) await rm(join(folder, path));
  return new Map(
    files.flatMap(({ path, nodes: own }) =>
      own
        .filter(({ type }) => type === 'tab' || type === 'subflow')
        .map(({ id }): [string, string] => [id, path]),
    ),
  );
}

/** Whole or not at all. */
export async function replaceFile(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  if ((await readFile(path, 'utf8').catch(() => undefined)) === text) return;
  await writeFile(`${path}.new`, text, { mode: 0o644 });
  await rename(`${path}.new`, path);
}

const flowPath = /^(global|regions)\/[A-Za-z0-9][\w.-]*(\/[A-Za-z0-9][\w.-]*)*\.json$/;

/** A path that a caller gives: below the folders of running flows, and a flow file by its name. */
export function isFlowPath(path: string): boolean {
  return path.length <= 200 && flowPath.test(path) && isFlowFile(basename(path));
}

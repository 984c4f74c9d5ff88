/** The flow that a back-test is about, and the candidate that takes its place. */
import { globSync } from 'node:fs';
import { basename, join } from 'node:path';
import { isFlowPath } from '../../flowfiles/files';
import type { FlowNode } from '../../flowfiles/format';
import type { CaseState } from '../../model/case';
import { FatalError } from '../../model/errors';
import { arrange } from '../arrange';
import { readFlow, refuseOutward, withShared } from '../files';
import type { Candidate } from './model';

/** Versions of flows; who keeps them answers. */
export interface FlowVersions {
  /** Nodes of the version of a tab; undefined when there is none of that name. */
  nodes(flowId: string, version: string): Promise<FlowNode[] | undefined>;
}

export interface Flow {
  /** Its file. */
  path: string;
  nodes: FlowNode[];
}

/** By path below the flows folder, with or without `.json`, by the name of its file, or by the id or label of its tab. @throws FatalError UNKNOWN_FLOW */
export function findFlow(flowsDir: string, name: string): Flow {
  const files = globSync('{global,regions}/**/*.json', { cwd: flowsDir }).filter(isFlowPath);
  const wanted = name.replace(/\.json$/, '');
  const byPath = files.filter((file) => file.replace(/\.json$/, '') === wanted);
  const byFile = files.filter((file) => basename(file, '.json') === wanted);
  const [only, ...more] =
    byPath.length > 0
      ? byPath
      : byFile.length > 0
        ? byFile
        : files.filter((file) => hasTab(join(flowsDir, file), name));
  if (only === undefined || more.length > 0)
    throw new FatalError(
      'UNKNOWN_FLOW',
      only === undefined
        ? `no flow is called ${name}`
        : `several flows are called ${name}: ${[only, ...more].join(', ')}`,
      { hint: 'Name it by its path below the flows folder, like regions/emea-de/short-pick.' },
    );
  const path = join(flowsDir, only);
  return { path, nodes: readFlow(path) };
}

function hasTab(path: string, name: string): boolean {
  try {
    return readFlow(path).some(({ type, id, label }) => type === 'tab' && (id === name || label === name));
  } catch {
    // A broken file is somebody else's flow.
    return false;
  }
}

/** @throws FatalError UNKNOWN_VERSION, UNKNOWN_POLICY, OUTWARD_NODE */
export async function candidateNodes(
  flow: Flow,
  name: string,
  candidate: Candidate,
  versions: FlowVersions | undefined,
): Promise<FlowNode[]> {
  const own = await ownNodes(flow, name, candidate, versions);
  const all = withShared(own, flow.path);
  refuseOutward(all);
  return arrange(all);
}

async function ownNodes(
  flow: Flow,
  name: string,
  candidate: Candidate,
  versions: FlowVersions | undefined,
): Promise<FlowNode[]> {
  if ('nodes' in candidate) return candidate.nodes;
  if ('policy' in candidate) return withPolicy(flow.nodes, candidate.policy);
  const tab = flow.nodes.find(({ type }) => type === 'tab');
  const nodes = tab && (await versions?.nodes(tab.id, candidate.version));
  if (nodes) return nodes;
  throw new FatalError('UNKNOWN_VERSION', `there is no version ${candidate.version} of ${name}`, {
    hint: 'Give the candidate as a flow file, or name one of the versions of the flow.',
  });
}

/** @throws FatalError UNKNOWN_POLICY */
function withPolicy(nodes: FlowNode[], table: { name: string }): FlowNode[] {
  const isIts = (node: FlowNode) => node.type === 'reroute-policy' && tableName(node) === table.name;
  if (nodes.some(isIts)) return nodes.map((node) => (isIts(node) ? { ...node, table } : node));
  throw new FatalError('UNKNOWN_POLICY', `no node of the flow decides by a table ${table.name}`);
}

function tableName({ table }: FlowNode): unknown {
  return typeof table === 'object' && table !== null && 'name' in table ? table.name : undefined;
}

const textList = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);

/** Exception codes that flows of these nodes take; empty when one of them takes all. */
export function takenCodes(nodes: readonly FlowNode[]): string[] {
  const lists = sourcesOf(nodes).map(({ codes }) => textList(codes));
  return lists.some((list) => list.length === 0) ? [] : [...new Set(lists.flat())];
}

/** Whether a source of these nodes takes the case. */
export function takes(nodes: readonly FlowNode[], state: CaseState): boolean {
  const allows = (list: unknown, value: string | undefined) => {
    const values = textList(list);
    return values.length === 0 || (value !== undefined && values.includes(value));
  };
  return sourcesOf(nodes).some(
    ({ codes, regions, partners }) =>
      allows(codes, state.code) && allows(regions, state.region) && allows(partners, state.partner),
  );
}

function sourcesOf(nodes: readonly FlowNode[]): FlowNode[] {
  return nodes.filter(({ type }) => type === 'reroute-exception-in');
}

/** Answers of the runtime that the commands read, checked as they come in, and how they are shown. */
import { z } from 'zod';
import { diffText, type FlowDiff } from '../../../flowfiles/diff';
import { parseFlowFile, readFlowFolder } from '../../../flowfiles/files';
import type { Finding } from '../../../flowfiles/lint';
import type { BroughtFile } from '../../../flowfiles/operations';
import { unitsOf } from '../../../flowfiles/units';
import {
  deployAnswer,
  deployCheck,
  deployment,
  finding,
  flowDiff,
  flowFiles,
  flowVersion,
} from '../../../gateway/schemas/flows';
import { call, RefusedError, type RuntimeOptions } from '../../client';

export const listAnswer = z.object({ rev: z.string(), items: z.array(flowVersion) });
export const historyAnswer = z.object({ items: z.array(flowVersion), nextCursor: z.string().nullable() });
export const findingsAnswer = z.object({ items: z.array(finding) });
export { deployAnswer, deployCheck, deployment, flowFiles };

export type FlowVersion = z.output<typeof flowVersion>;

/** Files of a set, as nodes of ours: what came over the wire is read like a file. */
export function filesOf(answer: { files: { path: string; nodes: unknown[] }[] }): BroughtFile[] {
  return answer.files.map(({ path, nodes }) => ({ path, nodes: parseFlowFile(path, JSON.stringify(nodes)) }));
}

/** Flow by flow: a folder's files as a deploy takes them. @throws FatalError FLOW_FILE_BROKEN */
export async function filesOfFolder(folder: string): Promise<BroughtFile[]> {
  const { nodes, paths } = await readFlowFolder(folder);
  return unitsOf(nodes, paths).map((unit) => ({ path: unit.path, nodes: unit.nodes }));
}

export async function ask<T extends z.ZodType>(
  options: RuntimeOptions,
  schema: T,
  method: string,
  path: string,
  body?: unknown,
): Promise<z.output<T>> {
  return schema.parse(await call(options, method, path, body));
}

export function say(json: boolean | undefined, value: unknown, text: string): void {
  process.stdout.write(json ? `${JSON.stringify(value)}\n` : text);
}

export function findingsText(findings: readonly Finding[] | readonly z.output<typeof finding>[]): string {
  return findings
    .map(({ severity, code, flowId, message }) => `${severity.padEnd(8)}${flowId}  ${code}  ${message}\n`)
    .join('');
}

export function diffOf(diffs: readonly z.output<typeof flowDiff>[]): string {
  return diffText(diffs.map(plainDiff));
}

/** Optional stays optional. */
function plainDiff({ nodes, ...rest }: z.output<typeof flowDiff>): FlowDiff {
  return {
    ...rest,
    nodes: nodes.map(({ name, ...node }) => ({ ...node, ...(name === undefined ? {} : { name }) })),
  };
}

const conflictAnswer = z.object({
  conflict: z
    .looseObject({ rev: z.string().optional(), version: z.string().optional(), diff: z.array(flowDiff) })
    .optional(),
  findings: z.array(finding).optional(),
});

/** A refusal that comes with a difference or findings is shown with them; then it goes on as it came. */
export async function showingRefusal<T>(json: boolean | undefined, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    const { conflict, findings } = conflictAnswer.parse(error.answer);
    if (json) process.stdout.write(`${JSON.stringify(error.answer)}\n`);
    else
      process.stdout.write(
        `${conflict ? diffOf(conflict.diff) : ''}${findings ? findingsText(findings) : ''}`,
      );
    throw error;
  }
}

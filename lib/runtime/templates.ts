/** Templates and clones of a running process: a change goes out as a deploy, and everything asked for is audited. */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type ClonesApi, cloneName, clonesApi } from '../flowfiles/clones/api';
import { type CloneChange, Clones, type CloneTarget } from '../flowfiles/clones/clones';
import { jsonText } from '../flowfiles/clones/files';
import { recordPath } from '../flowfiles/clones/record';
import type { RunFlowTests } from '../flowfiles/clones/tests';
import { replaceFile } from '../flowfiles/files';
import type { FlowOperations } from '../flowfiles/operations';
import type { FlowService } from '../flowfiles/service';
import type { AuditSeed } from '../ledger/operators';
import { isRerouteError } from '../model/errors';

export interface TemplatesParts {
  flowsDir: string;
  /** Deploys one flow. @throws RerouteError when it is refused; then what ran goes on */
  deploy(change: CloneChange): Promise<void>;
  audit(entry: Omit<AuditSeed, 'id' | 'at'>): Promise<void>;
  now(): number;
  runTests?: RunFlowTests | undefined;
}

export function templatesPort(parts: TemplatesParts): ClonesApi {
  const { flowsDir, now, runTests } = parts;
  const clones = new Clones({ flowsDir, target: deployTarget(parts), now, runTests });
  return audited(clonesApi(clones), parts);
}

/** The record first: the check of locked nodes judges the deploy by it. A refused deploy takes it back. */
function deployTarget({ flowsDir, deploy }: TemplatesParts): CloneTarget {
  return {
    async save(change) {
      const path = join(flowsDir, recordPath(change.record.template, change.record.region));
      const before = await readFile(path, 'utf8').catch(() => undefined);
      await replaceFile(path, jsonText(change.record));
      try {
        await deploy(change);
      } catch (error) {
        if (before === undefined) await rm(path);
        else await replaceFile(path, before);
        throw error;
      }
    },
  };
}

function audited(api: ClonesApi, { audit }: TemplatesParts): ClonesApi {
  async function told<T>(
    entry: { actor: string; action: string; subject: string },
    work: Promise<T>,
    after: (value: T) => Record<string, unknown>,
  ): Promise<T> {
    try {
      const value = await work;
      await audit({ ...entry, after: after(value), outcome: 'done' });
      return value;
    } catch (error) {
      if (isRerouteError(error))
        await audit({ ...entry, reason: error.message.slice(0, 1_000), outcome: 'refused' });
      throw error;
    }
  }
  return {
    ...api,
    clone: (request) =>
      told(
        { actor: request.author, action: 'template.clone', subject: `clone:${cloneName(request)}` },
        api.clone(request),
        ({ version, parameters }) => ({ version, parameters }),
      ),
    upgrade: (request) =>
      told(
        { actor: request.author, action: 'clone.upgrade', subject: `clone:${cloneName(request)}` },
        api.upgrade(request),
        ({ from, to, conflicts, tests }) => ({
          ...{ from, to, taken: Object.fromEntries(request.choices ?? []) },
          conflicts: conflicts.map(({ kind, node, property }) => `${kind} ${node}.${property}`),
          ...(tests && { tests: { passed: tests.passed, files: tests.files } }),
        }),
      ),
  };
}

/** One flow among those that run; the others stay as they are. */
export async function deployClone(
  service: FlowService,
  operations: FlowOperations,
  { path, nodes, record, message }: CloneChange,
): Promise<void> {
  const { rev } = await service.running();
  const files = [{ path, nodes }];
  const { author } = record;
  await operations.deploy({ rev, files, replaceAll: false, message, author, source: 'api', watchMs: 0 });
}

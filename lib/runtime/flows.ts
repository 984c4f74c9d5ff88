/** The flow service over the embedded Node-RED and the engine: what it asks of the runtime is answered here. */
import type { Engine } from '../engine/engine';
import type { FlowRuntime } from '../flowfiles/deps';
import { diffFlows } from '../flowfiles/diff';
import { FlowsStaleError } from '../flowfiles/errors';
import { unitsOf } from '../flowfiles/units';
import type { Readiness } from '../gateway/deps';
import { isRerouteError } from '../model/errors';
import type { EmbeddedNodeRed } from './node-red';

export interface FlowRuntimeParts {
  engine: Engine;
  /** Asked for late: Node-RED is made after its storage. */
  nodeRed(): EmbeddedNodeRed;
  ready(): Promise<Readiness>;
}

export function flowRuntime({ engine, nodeRed, ready }: FlowRuntimeParts): FlowRuntime {
  return {
    types: () => nodeRed().types(),
    current: () => nodeRed().current(),
    async apply(nodes, rev, order) {
      try {
        await nodeRed().setFlows(nodes, rev, order);
      } catch (error) {
        if (isRerouteError(error) || !isMismatch(error)) throw error;
        const { nodes: running, rev: now } = await nodeRed().current();
        throw new FlowsStaleError('what runs', diffFlows(unitsOf(running), unitsOf(nodes)), { rev: now });
      }
    },
    drain: async () => void (await engine.drain()),
    resume: () => engine.resume(),
    async ready() {
      const { ok, parts } = await ready();
      const bad = Object.entries(parts).filter(([, part]) => !part.ok);
      return ok
        ? { ok }
        : { ok, detail: bad.map(([name, part]) => `${name} ${part.detail ?? 'is not ready'}`).join(', ') };
    },
    attemptsOf: (version) => engine.attemptsOf(version),
    strandedAt: (deployed) => engine.strandedAt(deployed),
    releaseStranded: (deployed, by) => engine.releaseStranded(deployed, by),
  };
}

/** Node-RED's own refusal of a stale revision. */
function isMismatch(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'version_mismatch';
}

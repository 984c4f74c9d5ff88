/** EffectStore over the channels. */
import type { EffectIntent, EffectRecord, EffectResolution, EffectStore } from '../../effects';
import type { EffectRow, IntentInput, ResolutionInput } from '../sql/effects';
import { type Channels, fromJson, present, toJson } from './codec';

export function effectStore({ writer, reader }: Channels): EffectStore {
  return {
    async intendEffects(lease, intents) {
      const before = await writer.call('intendEffects', lease, intents.map(toIntentInput));
      return intents.map((intent, index) => {
        const row = before[index] ?? 0;
        return typeof row === 'object'
          ? { existing: true, record: toEffect(row) }
          : { existing: false, record: fresh(lease.partition, row, intent) };
      });
    },
    resolveEffects: (lease, resolutions) =>
      writer.call('resolveEffects', lease, resolutions.map(toResolutionInput)),
    decideEffect: (key, state, by, at) => writer.call('decideEffect', key, state, by, at),
    async effect(key) {
      const row = await writer.call('effect', key);
      return row && toEffect(row);
    },
    effectsByCase: async (caseId) => (await reader.call('effectsByCase', caseId)).map(toEffect),
    effectsByRuns: async (runIds) => (await reader.call('effectsByRuns', runIds)).map(toEffect),
  };
}

function toIntentInput(intent: EffectIntent): IntentInput {
  return { ...intent, input: toJson(intent.input) ?? 'null' };
}

function toResolutionInput(resolution: EffectResolution): ResolutionInput {
  const { input, output, error } = resolution;
  const failed = error !== undefined && error.outcome !== 'business';
  return { ...resolution, input: toJson(input), output: toJson(output), error: toJson(error), failed };
}

/** What a new intent reads as, without reading it back. */
function fresh(partition: number, sequence: number, intent: EffectIntent): EffectRecord {
  return { ...intent, partition, sequence, sends: 0, adopted: false, updatedAt: intent.at };
}

function toEffect(row: EffectRow): EffectRecord {
  return present<EffectRecord>({
    key: row.key,
    partition: row.partition,
    sequence: row.seq,
    state: row.state as EffectRecord['state'],
    runId: row.run_id,
    rootRunId: row.root_run_id,
    caseId: row.case_id,
    partner: row.partner,
    operation: row.operation,
    safety: row.safety as EffectRecord['safety'],
    plan: row.plan,
    step: row.step,
    pivot: row.pivot === null ? undefined : row.pivot === 1,
    target: row.target,
    input: JSON.parse(row.input),
    correlationId: row.correlation_id,
    at: row.at,
    sends: row.sends,
    output: fromJson(row.output),
    reference: row.reference,
    error: fromJson<NonNullable<EffectRecord['error']>>(row.error),
    adopted: row.adopted === 1,
    updatedAt: row.updated_at,
    confirmedAt: row.confirmed_at,
    decidedBy: row.decided_by,
  });
}

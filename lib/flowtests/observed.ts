/** What came of a scenario: everything that its expectations speak of. */
import type { EffectRecord } from '../ledger/effects';
import type { DeadLetter } from '../ledger/runs';
import type { Alert } from '../model/alert';
import type { CaseState } from '../model/case';
import type { FlowRuntime } from './runtime';
import type { PartnerScript, Sent } from './script';

export interface Observed {
  /** In the order in which they were opened. */
  cases: CaseState[];
  /** What acts on the outside, reads left out, in the order of the intents; what takes back is among them. */
  effects: EffectRecord[];
  deadLetters: DeadLetter[];
  alerts: Alert[];
  /** Ids of the nodes at which messages wait. */
  waiting: string[];
  sent: readonly Sent[];
}

const page = { limit: 200 };

export async function observe({ ledger }: FlowRuntime, script: PartnerScript): Promise<Observed> {
  const { items: cases } = await ledger.cases({}, { ...page, sort: 'detectedAt' });
  const effects = new Map<string, EffectRecord>();
  for (const { id } of cases)
    for (const effect of await ledger.effectsByCase(id)) effects.set(effect.key, effect);
  for (const { key } of script.sent) {
    // Runs without a case have effects, too.
    const effect = effects.has(key) ? undefined : await ledger.effect(key);
    if (effect) effects.set(key, effect);
  }
  const parked = await Promise.all(cases.map(({ id }) => ledger.parkedByCase(id)));
  const { items: letters } = await ledger.deadLetters({}, page);
  const { items: alerts } = await ledger.alerts({}, page);
  return {
    cases,
    // The ledger answers the newest first.
    alerts: alerts.reverse(),
    effects: [...effects.values()].filter(({ safety }) => safety !== 'read'),
    deadLetters: letters.sort((a, b) => a.at - b.at),
    waiting: parked
      .flat()
      .filter(({ state }) => state === 'waiting')
      .map(({ nodeId }) => nodeId),
    sent: [...script.sent],
  };
}

const undoPrefix = 'undo:';

export const isUndo = ({ step }: { step: string }): boolean => step.startsWith(undoPrefix);

/** Steps that were taken back, in the order in which that was done. */
export function takenBack({ effects }: Observed): string[] {
  return effects
    .filter((effect) => isUndo(effect) && (effect.state === 'CONFIRMED' || effect.state === 'ACCEPTED'))
    .map(({ step }) => step.slice(undoPrefix.length));
}

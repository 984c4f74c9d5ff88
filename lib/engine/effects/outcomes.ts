/** What an action came to, in the words nodes understand. Pure. */
import type { EffectRecord } from '../../ledger/effects';
import type { ActionOutcome } from '../api';
import type { Action } from './prepare';

export function okOutcome(
  key: string,
  answer: { output: unknown; confirmed: boolean; reference?: string },
  how: { recorded: boolean; adopted: boolean },
): ActionOutcome {
  return {
    kind: 'ok',
    key,
    output: answer.output,
    confirmed: answer.confirmed,
    observed: false,
    ...how,
    ...(answer.reference === undefined ? {} : { reference: answer.reference }),
  };
}

/** The answer of before, for an attempt or a replay that asks again. */
export function recordedOutcome(record: EffectRecord): ActionOutcome {
  const { key } = record;
  if (record.state === 'REJECTED') {
    return {
      kind: 'business',
      key,
      code: (record.error?.code ?? 'INTEGRATION_FAILURE') as never,
      message: record.error?.message ?? 'refused',
    };
  }
  if (record.state === 'DECLINED')
    return {
      kind: 'technical',
      key,
      code: 'DECLINED',
      message: `declined by ${record.decidedBy ?? 'a person'}`,
    };
  return okOutcome(
    key,
    {
      output: record.output,
      confirmed: record.state === 'CONFIRMED',
      ...(record.reference === undefined ? {} : { reference: record.reference }),
    },
    { recorded: true, adopted: record.adopted },
  );
}

export function unknownOutcome({ partner, operation, key }: Action, message: string): ActionOutcome {
  return { kind: 'unknown', key, message: `${operation.title} at ${partner.id}: ${message}` };
}

/** The action was watched only: what comes after it rests on something that was not done. */
export function observedOutcome(key: string, recorded: boolean): ActionOutcome {
  return { kind: 'ok', output: undefined, key, confirmed: false, recorded, adopted: false, observed: true };
}

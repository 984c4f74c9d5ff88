/** What came from outside while a case was worked on, in its order: facts, people, signals. Pure. */
import type { StoredFact } from '../../ledger/cases';
import type { EffectRecord } from '../../ledger/effects';
import type { CaseEvent } from '../../model/case';
import type { Fact } from '../../model/fact';
import type { GivenFact, Step } from '../format';
import type { RecordedCase } from './record';

export interface Moment {
  /** Epoch milliseconds. */
  at: number;
  step: Step;
  /** The fact as it was recorded, where the step gives one. */
  fact?: StoredFact;
}

export interface Timeline {
  /** When the first fact was recorded. */
  start: number;
  /** When the last thing happened. */
  end: number;
  given: GivenFact[];
  then: Step[];
}

export function timelineOf(recorded: RecordedCase): Timeline {
  const moments = momentsOf(recorded);
  const { state, events, effects, deadLetters } = recorded;
  const start = moments[0]?.at ?? state.detectedAt;
  const end = Math.max(
    start,
    ...moments.map(({ at }) => at),
    ...events.map(({ at }) => at),
    ...effects.map(({ updatedAt }) => updatedAt),
    ...deadLetters.map(({ at }) => at),
  );
  return { start, end, ...split(moments, start, end) };
}

/** In the order of their times. */
export function momentsOf({
  state,
  facts,
  events,
  effects,
  parked,
}: Pick<RecordedCase, 'state' | 'facts' | 'events' | 'effects' | 'parked'>): Moment[] {
  const opening = facts.find(({ fact }) => fact.data.exception?.code === state.code) ?? facts[0];
  const moments: Moment[] = facts.map((stored) => ({
    // The detection read the clock; the fact itself tells when it arrived.
    at: stored.fact.id === opening?.fact.id ? state.detectedAt : Date.parse(stored.fact.recordedTime),
    step: { given: [givenOf(stored.fact, stored.partner)] },
    fact: stored,
  }));
  moments.push(...events.flatMap(personStep), ...effects.flatMap(approval));
  for (const { resumption, signal } of parked)
    if (resumption?.reason === 'signal' && signal !== undefined && !/^(decision|effect):/.test(signal))
      moments.push({
        at: resumption.at,
        step: { signal, payload: resumption.payload, by: resumption.by ?? 'user:operator' },
      });
  return moments.sort((a, b) => a.at - b.at);
}

/** What happens at once is given; before everything else time goes by. */
function split(moments: Moment[], start: number, end: number): Pick<Timeline, 'given' | 'then'> {
  const given: GivenFact[] = [];
  const then: Step[] = [];
  let now = start;
  for (const { at, step } of moments) {
    if (at > now) {
      then.push({ advanceTo: new Date(at).toISOString() });
      now = at;
    }
    const first = 'given' in step ? step.given[0] : undefined;
    if (then.length === 0 && first && 'fact' in first) given.push(first);
    else then.push(step);
  }
  if (end > now) then.push({ advanceTo: new Date(end).toISOString() });
  return { given, then };
}

/** A fact with what its short form has, the rest under `data`. */
function givenOf(fact: Fact, partner: string): GivenFact {
  const { time, identifiers, context, exception, milestone, place, evidence, raw: _raw, ...data } = fact.data;
  const { code, ...details } = exception ?? {};
  return {
    fact: code ?? milestone ?? 'OTHER',
    partner,
    key: fact.dedupKey,
    type: fact.type,
    at: time.eventTime,
    time: time.timeClassifier,
    timeConfidence: time.timeConfidence,
    ...(time.sourceRecordTime === undefined ? {} : { recordedAt: time.sourceRecordTime }),
    identifiers: identifiers as NonNullable<GivenFact['identifiers']>,
    ...(context === undefined ? {} : { context }),
    ...(Object.keys(details).length === 0 ? {} : { exception: details }),
    ...(code !== undefined && milestone !== undefined ? { milestone } : {}),
    ...(place === undefined ? {} : { place }),
    ...(evidence === undefined ? {} : { evidence }),
    ...(Object.keys(data).length === 0 ? {} : { data }),
  };
}

const personActions = ['takeOver', 'handBack', 'close', 'cancel', 'reopen', 'escalate', 'note'] as const;
type PersonAction = (typeof personActions)[number];

function isPersonAction(type: CaseEvent['type']): type is PersonAction {
  return (personActions as readonly string[]).includes(type);
}

/** What a person did; the automation does its own part again. */
function personStep({ type, at, by, reason, changes }: CaseEvent): Moment[] {
  if (by === 'system') return [];
  const who = { by, role: 'supervisor' } as const;
  const why = { reason: reason ?? 'recorded' };
  if (type === 'decide' && changes.plan) {
    const { outcome, then } = changes.plan;
    return [{ at, step: { decide: outcome, then, ...why, ...who } }];
  }
  if (type === 'resolve' || type === 'verify') {
    const evidence = (changes.evidence ?? []).map(({ system, description }) => ({ system, description }));
    return [{ at, step: { operator: { action: type, ...why, evidence }, ...who } }];
  }
  return isPersonAction(type) ? [{ at, step: { operator: { action: type, ...why }, ...who } }] : [];
}

function approval({ step, state, decidedBy, updatedAt }: EffectRecord): Moment[] {
  if (decidedBy === undefined) return [];
  const who = { by: decidedBy, role: 'supervisor' } as const;
  return [
    { at: updatedAt, step: state === 'DECLINED' ? { decline: step, ...who } : { approve: step, ...who } },
  ];
}

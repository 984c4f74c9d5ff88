/** What recording facts changes: shipment views, cases, the runs that cases start. Pure: the commit is planned here and written elsewhere. */
import type { CaseWrite, FactSeed, RecordCommit, RecordContext, ShipmentWrite } from '../../ledger/cases';
import { addBusinessHours, type BusinessCalendar, type CalendarBook, calendarOf } from '../../model/calendar';
import { type CaseCommand, type CaseState, decideCase, isOpen, reopenWindowMs } from '../../model/case';
import { type Patience, watchAtOf } from '../../model/deadlines';
import { detect } from '../../model/detect';
import type { Fact } from '../../model/fact';
import { emptyShipment, foldShipment, type ShipmentView } from '../../model/shipment';
import { clockHours, type ExceptionCode } from '../../model/taxonomy';
import type { RecordOutcome } from '../api';
import { type CaseTrigger, caseRun } from './case-run';

export interface PlanContext {
  now: number;
  tenant: string;
  newId: () => string;
  /** Of the partner, else of this installation: what a case gets whose facts name none. */
  region?: string;
  /** Run that records; absent for what the engine notices by itself. */
  runId?: string;
  /** How long silence of a partner's shipments is normal. */
  patienceOf: (partner: string) => Patience;
  calendars: CalendarBook;
  /** Whether a flow takes the case: where none does, no run waits for one; see `Engine.startCases`. */
  takes: (state: CaseState) => boolean;
  /** Whether a flow wants to know when the facts of the open case change. */
  follows: (state: CaseState) => boolean;
}

export interface RecordPlan {
  commit: RecordCommit;
  cases: RecordOutcome['cases'];
  appended: number;
}

const recurrenceMs = 30 * 86_400_000;

/** A case as the facts of this commit leave it. */
interface Draft {
  state: CaseState;
  expectedVersion: number;
  events: CaseWrite['events'];
  factIds: string[];
  opened: boolean;
  starts: CaseTrigger | undefined;
}

export function planRecord(seeds: FactSeed[], context: RecordContext, plan: PlanContext): RecordPlan {
  const known = new Set(context.knownFactIds);
  const fresh = seeds.filter(
    (seed, index) =>
      !known.has(seed.fact.id) && seeds.findIndex((other) => other.fact.id === seed.fact.id) === index,
  );
  const versions = new Map(context.shipments.map((shipment) => [shipment.key, shipment.version]));
  const views = new Map<string, ShipmentView>(
    context.shipments.map((shipment) => [shipment.key, shipment.view]),
  );
  const drafts: Draft[] = context.cases.map((state) => ({
    state,
    expectedVersion: state.version,
    events: [],
    factIds: [],
    opened: false,
    starts: undefined,
  }));
  /** Subject to the partner that spoke last. */
  const touched = new Map<string, string>();
  for (const { fact, partner } of fresh) {
    const view = foldShipment(views.get(fact.subject) ?? emptyShipment(fact.subject), fact);
    views.set(fact.subject, view);
    touched.set(fact.subject, partner);
    for (const found of detect(fact, view)) raise(drafts, fact, partner, found, view, plan);
    heal(drafts, fact, view, plan);
  }
  const changed = drafts.filter((draft) => draft.events.length > 0);
  return {
    appended: fresh.length,
    cases: changed.map(({ state, opened }) => ({
      id: state.id,
      code: state.code,
      state: state.state,
      opened,
    })),
    commit: {
      facts: fresh,
      shipments: [...touched].map(([key, partner]) =>
        shipmentWrite(
          views.get(key) as ShipmentView,
          versions.get(key) ?? 0,
          plan.patienceOf(partner),
          plan.now,
        ),
      ),
      cases: changed.map(({ state, expectedVersion, events, factIds }) => ({
        state,
        expectedVersion,
        events,
        factIds,
        // What a fact says of its shipment is linked with the fact; a case adds nothing here.
        tokens: [],
      })),
      runs: changed.flatMap(({ state, starts }) =>
        starts !== undefined && startsRun(state, starts, plan) ? [caseRun(state, starts, plan)] : [],
      ),
      audit: [],
      now: plan.now,
    },
  };
}

function startsRun(state: CaseState, trigger: CaseTrigger, plan: PlanContext): boolean {
  if (trigger === 'healed') return true;
  return trigger === 'updated' ? plan.follows(state) : plan.takes(state);
}

function shipmentWrite(
  view: ShipmentView,
  expectedVersion: number,
  patience: Patience,
  now: number,
): ShipmentWrite {
  const watchAt = watchAtOf(view, patience, now);
  return { key: view.key, expectedVersion, view, ...(watchAt === undefined ? {} : { watchAt }) };
}

function raise(
  drafts: Draft[],
  fact: Fact,
  partner: string,
  found: { code: ExceptionCode; onsetAt: number },
  view: ShipmentView,
  plan: PlanContext,
): void {
  const same = drafts.filter(({ state }) => state.subject === fact.subject && state.code === found.code);
  const open = same.find(({ state }) => isOpen(state.state));
  const common = { by: 'system', role: 'system' as const };
  if (open) {
    const attached = apply(
      open,
      {
        type: 'attachDuplicate',
        ...common,
        factIds: [fact.id],
        onsetAt: found.onsetAt,
        identifiers: view.identifiers,
        context: view.context,
      },
      plan.now,
      fact.id,
    );
    // A run that is about to start sees the change anyway.
    if (attached) open.starts ??= 'updated';
    return;
  }
  const last = same[0];
  const region = fact.data.context?.region ?? view.context.region ?? plan.region;
  const warehouse = fact.data.context?.warehouse ?? view.context.warehouse;
  const clocks = clocksOf(found.code, view, calendarOf(plan.calendars, { region, warehouse }), plan.now);
  if (last && silenced(last.state, found.onsetAt, plan.now)) return;
  if (
    last &&
    reopens(last.state, plan.now) &&
    apply(last, { type: 'reopen', ...common, factIds: [fact.id], clocks }, plan.now, fact.id)
  ) {
    last.starts = 'reopened';
    return;
  }
  const draft: Draft = {
    state: undefined as unknown as CaseState,
    expectedVersion: 0,
    events: [],
    factIds: [],
    opened: true,
    starts: 'detected',
  };
  const recurrence =
    last && plan.now - (last.state.endedAt ?? 0) < recurrenceMs ? { recurrenceOf: last.state.id } : {};
  apply(
    draft,
    {
      type: 'detect',
      ...common,
      id: plan.newId(),
      tenant: plan.tenant,
      subject: fact.subject,
      code: found.code,
      correlationId: fact.correlationId,
      onsetAt: found.onsetAt,
      onsetTrusted: fact.data.time.timeConfidence !== 'ASSUMED_UTC',
      context: view.context,
      identifiers: view.identifiers,
      partner,
      clocks,
      ...recurrence,
      ...(region === undefined ? {} : { region }),
      ...(warehouse === undefined ? {} : { warehouse }),
    },
    plan.now,
    fact.id,
  );
  drafts.unshift(draft);
}

/** Answers whether the state machine took it. */
function apply(draft: Draft, command: CaseCommand, now: number, factId: string): boolean {
  const decision = decideCase(command, draft.state, now);
  if (!decision.ok) return false;
  draft.state = decision.state;
  draft.events.push(...decision.events);
  draft.factIds.push(factId);
  return true;
}

/** A suppression that has not expired, or a fact that is older than the end of the case, changes nothing. */
function silenced(state: CaseState, onsetAt: number, now: number): boolean {
  if (state.state === 'SUPPRESSED' && (state.suppressedUntil ?? 0) > now) return true;
  return state.endedAt !== undefined && onsetAt < state.openedAt;
}

function reopens(state: CaseState, now: number): boolean {
  return (
    (state.state === 'CLOSED' || state.state === 'SUPPRESSED') && now - (state.endedAt ?? 0) <= reopenWindowMs
  );
}

/** What was decided and not proved yet: its effects are taken back. */
const underWay: ReadonlySet<CaseState['state']> = new Set(['REMEDIATING', 'AWAITING_ACK', 'RESOLVED']);

/** A healing fact ends what nobody has acted on, and takes back what is under way; what is proved, or in a person's hands, is told. */
function heal(drafts: Draft[], fact: Fact, view: ShipmentView, plan: PlanContext): void {
  for (const draft of drafts) {
    const { state } = draft;
    if (state.subject !== fact.subject || !isOpen(state.state) || draft.factIds.includes(fact.id)) continue;
    if (view.exceptions.find((exception) => exception.code === state.code)?.healedBy !== fact.id) continue;
    const common = {
      by: 'system',
      role: 'system' as const,
      reason: `healed by ${fact.data.milestone ?? fact.type}`,
    };
    if (apply(draft, { type: 'suppress', ...common, until: plan.now + 1 }, plan.now, fact.id))
      draft.starts = undefined;
    else {
      if (underWay.has(state.state)) draft.starts = 'healed';
      apply(
        draft,
        {
          type: 'note',
          ...common,
          text: `The cause is gone: ${fact.data.milestone ?? fact.type} at ${fact.time}.`,
        },
        plan.now,
        fact.id,
      );
    }
  }
}

function clocksOf(
  code: ExceptionCode,
  view: ShipmentView,
  calendar: BusinessCalendar,
  now: number,
): { acknowledgeDueAt: number; resolveDueAt: number } {
  const hours = clockHours(code, view.context.slaTier ?? 'STANDARD');
  return {
    acknowledgeDueAt: addBusinessHours(calendar, now, hours.acknowledge),
    resolveDueAt: addBusinessHours(calendar, now, hours.resolve),
  };
}

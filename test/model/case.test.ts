import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  allowedActions,
  type CaseCommand,
  type CaseEvent,
  type CaseState,
  caseRoles,
  caseTable,
  checkVersion,
  coolingMs,
  decideCase,
  evolveCase,
  isOpen,
  reopenWindowMs,
} from '../../lib/model/case';
import { VersionConflictError } from '../../lib/model/errors';
import { at, isoAt } from '../support/fact-builder';

const system = { by: 'system', role: 'system' as const };
const operator = { by: 'ann', role: 'operator' as const, reason: 'because' };
const supervisor = { by: 'sue', role: 'supervisor' as const, reason: 'because' };
const evidence = [{ system: 'erp', description: 'schedule line confirms 6 EA' }];

const detect: CaseCommand = {
  ...system,
  type: 'detect',
  id: 'case-1',
  tenant: 't',
  subject: 'trk:ups:1Z1',
  code: 'INVENTORY_SHORT_PICK',
  correlationId: 'c',
  onsetAt: at(-5),
  onsetTrusted: true,
  context: {},
  identifiers: { orderNumber: [{ namespace: 'shop', value: '1' }] },
  partner: 'wms-1',
  clocks: { acknowledgeDueAt: at(30), resolveDueAt: at(240) },
};
const enrich: CaseCommand = {
  ...system,
  type: 'enrich',
  resolved: true,
  context: { slaTier: 'STRATEGIC', orderValue: { amountMinor: '50000', currency: 'EUR' } },
};
const request: CaseCommand = {
  ...system,
  type: 'requestDecision',
  policy: { name: 'short-pick', version: '1', inputs: { fillRatio: 0.6 } },
};
const decide: CaseCommand = { ...system, type: 'decide', outcome: 'SPLIT', then: { ship: 6 }, row: 2 };
const toManual: CaseCommand = { ...system, type: 'decide', outcome: 'MANUAL', then: {}, row: null };
const dispatched: CaseCommand = { ...system, type: 'stepsDispatched' };
const acked: CaseCommand = { ...system, type: 'allAcked' };
const verify: CaseCommand = { ...system, type: 'verify', evidence };
const verifyFailed: CaseCommand = { ...system, type: 'verifyFailed', message: 'the line still says 10' };
const close: CaseCommand = { ...system, type: 'close', coolingMs: 0 };
const takeOver: CaseCommand = { ...operator, type: 'takeOver' };
const handBack: CaseCommand = { ...operator, type: 'handBack' };
const toRemediating = [detect, enrich, request, decide];
const toResolved = [...toRemediating, dispatched, acked];

function play(commands: CaseCommand[], minute = 0): CaseState {
  let state: CaseState | undefined;
  for (const command of commands) {
    const decision = decideCase(command, state, at(minute));
    assert.ok(decision.ok, decision.ok ? '' : `${command.type}: ${decision.refusal.message}`);
    state = decision.state;
  }
  assert.ok(state);
  return state;
}
function refusal(command: CaseCommand, state: CaseState | undefined, minute = 0): string {
  const decision = decideCase(command, state, at(minute));
  assert.ok(!decision.ok, `${command.type} was not refused`);
  assert.ok(decision.refusal.message.length > 10 && decision.refusal.hint.length > 10);
  return decision.refusal.code;
}

const choice = (id: string, role: 'operator' | 'supervisor' = 'operator') => ({
  ...{ id, role, label: id, consequence: `it will ${id}`, then: { how: id } },
});

describe('the case lifecycle', () => {
  it('goes from detection to closure', () => {
    const state = play([...toResolved, verify, close], 10);
    assert.equal(state.state, 'CLOSED');
    assert.equal(state.version, 8);
    assert.equal(state.endedAt, at(10));
    assert.equal(state.lastVerifiedAt, at(10));
    assert.deepEqual(state.evidence, evidence);
    assert.deepEqual(state.plan, {
      version: 1,
      outcome: 'SPLIT',
      then: { ship: 6 },
      decidedBy: 'system',
      decidedAt: at(10),
    });
    assert.deepEqual(state.policy, {
      name: 'short-pick',
      version: '1',
      inputs: { fillRatio: 0.6 },
      outcome: 'SPLIT',
      row: 2,
    });
  });
  it('sets the severity from code, tier and slack', () => {
    assert.equal(play([detect]).severity, 'S2');
    assert.equal(play([detect, enrich]).severity, 'S1');
    assert.equal(play([{ ...detect, context: { promisedDeliveryAt: isoAt(60) } }]).severity, 'S1');
    assert.equal(play([{ ...detect, context: { severity: 'S4' } }]).severity, 'S2');
  });
  it('gives a case whose identifiers stay unresolved to a person, and takes it up where it was', () => {
    const manual = play([detect, { ...enrich, resolved: false } as CaseCommand]);
    assert.deepEqual([manual.state, manual.manualFrom], ['MANUAL', 'DETECTED']);
    const back = decideCase(handBack, manual, at(1));
    assert.ok(back.ok);
    assert.deepEqual([back.state.state, back.state.manualFrom], ['DETECTED', undefined]);
  });
  it('lets new facts join an open case: earliest onset, all identifiers', () => {
    const state = play([
      detect,
      {
        ...system,
        type: 'attachDuplicate',
        factIds: ['f2'],
        onsetAt: at(-60),
        identifiers: { orderNumber: [{ namespace: 'erp', value: '9' }] },
      },
    ]);
    assert.equal(state.onsetAt, at(-60));
    assert.equal(state.factCount, 2);
    assert.equal(state.identifiers.orderNumber?.length, 2);
    assert.equal(
      refusal({ ...system, type: 'attachDuplicate', factIds: ['f3'] }, play([...toResolved, verify, close])),
      'WRONG_STATE',
    );
  });
  it('refuses a second detection', () => assert.equal(refusal(detect, play([detect])), 'CASE_OPEN'));
  it('tells a repeated step from one that is too early', () => {
    const past = (command: CaseCommand, state: CaseState): boolean => {
      const decision = decideCase(command, state, at(1));
      return !decision.ok && decision.refusal.past;
    };
    assert.equal(past(enrich, play(toRemediating)), true);
    assert.equal(past(decide, play(toResolved)), true);
    assert.equal(past(acked, play(toRemediating)), false);
  });

  describe('failures', () => {
    it('retry or hand over', () => {
      const step = { ...system, type: 'stepFailed' as const, step: 'erp', message: '503' };
      assert.equal(play([...toRemediating, dispatched, { ...step, exhausted: false }]).state, 'REMEDIATING');
      const manual = play([...toRemediating, dispatched, { ...step, exhausted: true }]);
      assert.deepEqual([manual.state, manual.manualFrom], ['MANUAL', 'REMEDIATING']);
    });
    it('of verification go to a person the third time', () => {
      const once = [verifyFailed, dispatched, acked];
      const third = play([...toResolved, ...once, ...once, verifyFailed]);
      assert.deepEqual([third.state, third.verifyFailures], ['MANUAL', 3]);
      assert.equal(play([...toResolved, ...once, verifyFailed]).state, 'REMEDIATING');
    });
  });

  describe('people', () => {
    it('stop the automation by taking over, and hand back to where it was', () => {
      const manual = play([...toRemediating, takeOver]);
      assert.deepEqual([manual.state, manual.assignee], ['MANUAL', 'ann']);
      assert.equal(refusal(dispatched, manual), 'AUTOMATION_PAUSED');
      assert.equal(refusal(decide, manual), 'AUTOMATION_PAUSED');
      assert.equal(play([...toRemediating, takeOver, handBack]).state, 'REMEDIATING');
    });
    it('decide what the policy left to them, in two recorded steps', () => {
      const manual = play([detect, enrich, request, toManual]);
      const decision = decideCase(
        { ...operator, type: 'decide', outcome: 'BACKORDER', then: {} },
        manual,
        at(3),
      );
      assert.ok(decision.ok);
      assert.deepEqual(
        decision.events.map(({ type, from, to }) => [type, from, to]),
        [
          ['handBack', 'MANUAL', 'DECISION_PENDING'],
          ['decide', 'DECISION_PENDING', 'REMEDIATING'],
        ],
      );
      assert.equal(decision.state.plan?.decidedBy, 'ann');
      assert.equal(decision.state.manualFrom, undefined);
    });
    it('decide within their limit only, and in its currency', () => {
      const manual = play([detect, enrich, request, toManual]);
      const by = (
        amountMinor: string,
        currency: string,
        actor = operator as typeof operator | typeof supervisor,
      ): CaseCommand => ({
        ...actor,
        type: 'decide',
        outcome: 'SPLIT',
        then: {},
        limit: { amountMinor, currency },
      });
      assert.equal(refusal(by('49999', 'EUR'), manual), 'ABOVE_LIMIT');
      assert.equal(refusal(by('90000', 'USD'), manual), 'ABOVE_LIMIT');
      assert.ok(decideCase(by('50000', 'EUR'), manual, at(1)).ok);
      assert.ok(decideCase(by('1', 'EUR', supervisor), manual, at(1)).ok);
    });
    it('do not decide a case that waits for none', () => {
      assert.equal(
        refusal({ ...operator, type: 'decide', outcome: 'SPLIT', then: {} }, play([detect, takeOver])),
        'NO_DECISION_PENDING',
      );
    });
    it('resolve by hand with evidence, which is then verified like any other', () => {
      const manual = play([...toRemediating, takeOver]);
      assert.equal(refusal({ ...operator, type: 'resolve', evidence: [] }, manual), 'EVIDENCE_REQUIRED');
      assert.equal(
        play([...toRemediating, takeOver, { ...operator, type: 'resolve', evidence }, verify]).state,
        'VERIFIED',
      );
    });
    it('need role and reason', () => {
      assert.equal(
        refusal({ ...operator, type: 'suppress', until: at(99) }, play([detect])),
        'ROLE_REQUIRED',
      );
      assert.equal(
        refusal({ by: 'vi', role: 'viewer', type: 'note', text: 'x' }, play([detect])),
        'ROLE_REQUIRED',
      );
      assert.equal(
        refusal({ by: 'ann', role: 'operator', type: 'takeOver', reason: ' ' }, play([detect])),
        'REASON_REQUIRED',
      );
      assert.equal(
        refusal({ ...supervisor, type: 'allAcked' }, play([...toRemediating, dispatched])),
        'ROLE_REQUIRED',
      );
    });
    it('see only what they may do', () => {
      assert.deepEqual(allowedActions(play([detect]), 'viewer'), []);
      assert.deepEqual(allowedActions(play([detect]), 'operator'), [
        'assign',
        'note',
        'takeOver',
        'escalate',
      ]);
      assert.deepEqual(allowedActions(play([detect, enrich, request, toManual]), 'supervisor'), [
        'assign',
        'note',
        'decide',
        'handBack',
        'resolve',
        'suppress',
        'cancel',
        'escalate',
      ]);
      assert.deepEqual(allowedActions(play([...toRemediating, takeOver]), 'supervisor'), [
        'assign',
        'note',
        'handBack',
        'resolve',
        'cancel',
        'escalate',
      ]);
      assert.deepEqual(allowedActions(play([...toResolved, verify, close]), 'admin'), ['note', 'reopen']);
    });
  });

  describe('ends', () => {
    it('suppresses before a plan, with an expiry, and never after', () => {
      const suppress: CaseCommand = {
        ...system,
        type: 'suppress',
        until: at(60),
        reason: 'delivered meanwhile',
      };
      assert.equal(play([detect, enrich, suppress]).state, 'SUPPRESSED');
      assert.equal(refusal({ ...suppress, until: at(0) } as CaseCommand, play([detect])), 'EXPIRY_REQUIRED');
      assert.equal(refusal(suppress, play(toRemediating)), 'WRONG_STATE');
      assert.equal(refusal(suppress, play([...toRemediating, takeOver])), 'ALREADY_ACTED');
    });
    it('cancels when nothing is in flight and everything is taken back', () => {
      const cancel = (inFlight: number, uncompensated: number): CaseCommand => ({
        ...supervisor,
        type: 'cancel',
        inFlight,
        uncompensated,
      });
      assert.equal(refusal(cancel(1, 0), play(toRemediating)), 'IN_FLIGHT');
      assert.equal(refusal(cancel(0, 1), play(toRemediating)), 'NOT_COMPENSATED');
      assert.equal(play([...toRemediating, cancel(0, 0)]).state, 'CANCELLED');
    });
    it('closes after the cooling period, or when an operator says so', () => {
      const verified = play([...toResolved, verify]);
      const auto: CaseCommand = { ...system, type: 'close' };
      assert.equal(refusal(auto, verified), 'COOLING');
      assert.ok(decideCase(auto, verified, at(0) + coolingMs).ok);
      assert.ok(decideCase({ ...operator, type: 'close' }, verified, at(0)).ok);
      assert.equal(
        refusal({ ...system, type: 'verify', evidence: [] }, play(toResolved)),
        'EVIDENCE_REQUIRED',
      );
    });
    it('reopens within seven days with a new plan to come, and not later', () => {
      const closed = play([...toResolved, verify, close]);
      const reopen: CaseCommand = { ...system, type: 'reopen', factIds: ['f9'] };
      const again = decideCase(reopen, closed, at(0) + reopenWindowMs);
      assert.ok(again.ok);
      assert.deepEqual(
        [again.state.state, again.state.reopenCount, again.state.plan, again.state.endedAt],
        ['DETECTED', 1, undefined, undefined],
      );
      let state = again.state;
      for (const command of [enrich, request, decide]) {
        const next = decideCase(command, state, at(1));
        assert.ok(next.ok);
        state = next.state;
      }
      assert.equal(state.plan?.version, 2);
      const late = decideCase(reopen, closed, at(0) + reopenWindowMs + 1);
      assert.ok(!late.ok && late.refusal.code === 'REOPEN_WINDOW_PASSED');
      assert.equal(refusal({ ...system, type: 'reopen' }, closed), 'FACT_REQUIRED');
    });
  });

  describe('clocks', () => {
    const breach: CaseCommand = { ...system, type: 'escalate', clock: 'acknowledge' };
    it('escalate once, and only when they have run out', () => {
      assert.equal(refusal(breach, play([detect]), 29), 'CLOCK_NOT_BREACHED');
      const first = decideCase(breach, play([detect]), at(30));
      assert.ok(first.ok);
      assert.deepEqual([first.state.state, first.state.level], ['DETECTED', 1]);
      assert.equal(refusal(breach, first.state, 40), 'ALREADY_ESCALATED');
    });
    it('stop when somebody takes the case on', () => {
      assert.equal(
        refusal(breach, play([detect, { ...operator, type: 'assign', assignee: 'ann' }]), 60),
        'CLOCK_NOT_BREACHED',
      );
      assert.equal(
        refusal({ ...breach, clock: 'resolve' } as CaseCommand, play(toResolved), 999),
        'CLOCK_NOT_BREACHED',
      );
    });
    it('are not needed by a person who escalates', () =>
      assert.equal(play([detect, { ...operator, type: 'escalate' }]).level, 1));
  });

  it('keeps the sender from changing what has changed', () => {
    const state = play([detect, enrich]);
    checkVersion(state, 2);
    assert.throws(() => checkVersion(state, 1), VersionConflictError);
  });

  it('is a state machine: whatever commands come, only declared transitions happen and refusals change nothing', () => {
    const actor = fc.constantFrom(...caseRoles).map((role) => ({ by: role, role, reason: 'x' }));
    const details: Record<CaseCommand['type'], fc.Arbitrary<object>> = {
      detect: fc.constant(detect),
      attachDuplicate: fc.constant({ factIds: ['f'] }),
      enrich: fc.boolean().map((resolved) => ({ resolved, context: {} })),
      requestDecision: fc.constant({ policy: { name: 'p', version: '1', inputs: {} } }),
      decide: fc.constantFrom('SPLIT', 'SPLIT', 'MANUAL').map((outcome) => ({ outcome, then: {} })),
      stepsDispatched: fc.constant({}),
      stepFailed: fc.boolean().map((exhausted) => ({ step: 's', message: 'm', exhausted })),
      allAcked: fc.constant({}),
      verify: fc.constant({ evidence }),
      verifyFailed: fc.constant({ message: 'm' }),
      close: fc.constant({ coolingMs: 0 }),
      takeOver: fc.constant({}),
      handBack: fc.constant({}),
      resolve: fc.constant({ evidence }),
      suppress: fc.constant({ until: at(1e9) }),
      cancel: fc.nat({ max: 1 }).map((inFlight) => ({ inFlight, uncompensated: 0 })),
      reopen: fc.constant({ factIds: ['f'] }),
      escalate: fc.constantFrom({}, { clock: 'resolve' }),
      assign: fc.constantFrom({ assignee: 'a' }, { assignee: null }),
      note: fc.constant({ text: 'x' }),
      ask: fc.constant({
        question: {
          text: 'q',
          choices: [choice('SPLIT'), choice('WAIT')],
          approvalLimit: { amountMinor: '1', currency: 'EUR' },
        },
      }),
      link: fc.constant({ parent: 'incident' }),
    };
    const types = Object.keys(caseTable) as CaseCommand['type'][];
    // Most commands lead on or at least fit the state they meet, or a random walk would hardly leave the beginning.
    const draft = fc.record({
      kind: fc.integer({ min: 0, max: 9 }),
      pick: fc.nat({ max: 1e6 }),
      actor,
      details: fc.record(details),
    });
    type Draft = typeof draft extends fc.Arbitrary<infer T> ? T : never;
    const onward = [enrich, request, decide, dispatched, acked, verify, close];
    const commandOf = ({ kind, pick, actor: by, details: all }: Draft, state: CaseState): CaseCommand => {
      const next = onward.find(
        ({ type }) => state.state !== 'MANUAL' && caseTable[type].from.includes(state.state),
      );
      if (kind > 3 && next) return next;
      const fits = kind > 1;
      const fitting = fits ? types.filter((type) => caseTable[type].from.includes(state.state)) : types;
      const type = fitting[pick % fitting.length] ?? 'note';
      return { ...all[type], ...(fits ? system : by), type } as CaseCommand;
    };
    const seen = new Set<string>();
    fc.assert(
      fc.property(fc.array(draft, { minLength: 10, maxLength: 40, size: 'max' }), (drafts) => {
        let state: CaseState | undefined;
        const history: CaseEvent[] = [];
        [undefined, ...drafts].forEach((each, minute) => {
          const command = each && state ? commandOf(each, state) : detect;
          const before = structuredClone(state);
          const decision = decideCase(command, state, at(minute));
          assert.deepEqual(state, before);
          if (!decision.ok) return;
          for (const event of decision.events) {
            const rule = caseTable[event.type];
            assert.ok(rule.from.includes(event.from), `${event.type} from ${event.from}`);
            assert.ok(
              rule.to === 'same' ? event.to === event.from : rule.to.includes(event.to),
              `${event.type} to ${event.to}`,
            );
            assert.equal(event.version, (history.at(-1)?.version ?? 0) + 1);
            history.push(event);
            seen.add(`${event.from}>${event.to}`);
          }
          state = decision.state;
          assert.equal(state.manualFrom !== undefined, state.state === 'MANUAL');
          assert.equal(state.endedAt !== undefined, !isOpen(state.state));
          for (const role of caseRoles)
            for (const action of allowedActions(state, role))
              assert.ok(caseTable[action].from.includes(state.state));
        });
        const stored = JSON.parse(JSON.stringify(history)) as CaseEvent[];
        assert.deepEqual(stored.reduce<CaseState | undefined>(evolveCase, undefined), state);
      }),
      { numRuns: 200 },
    );
    for (const way of [
      'AWAITING_ACK>RESOLVED',
      'VERIFIED>CLOSED',
      'CLOSED>DETECTED',
      'MANUAL>RESOLVED',
      'RESOLVED>REMEDIATING',
      'SUPPRESSED>DETECTED',
    ])
      assert.ok(seen.has(way), `never went ${way}`);
  });
});

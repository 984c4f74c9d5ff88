/**
 * The incident capsule: a recorded run as a flow test without persons in it. What was given, what partners answered and what came of it
 * are taken from the ledger; played again on the flow of that time, the test passes.
 */
import { stringify } from 'yaml';
import type { Ledger } from '../../ledger/port';
import { type Expectation, type FlowTest, flowTest } from '../format';
import { isUndo } from '../observed';
import { answersOf, modesOf } from './answers';
import { type RecordedCase, recordedCase } from './record';
import { mapTexts, Redactor } from './redact';
import { type Timeline, timelineOf } from './timeline';

export interface Capsule {
  test: FlowTest;
  /** The file. */
  text: string;
}

/** @throws FatalError NO_RUN or NO_CASE */
export async function capsuleOf(ledger: Ledger, runId: string): Promise<Capsule> {
  const recorded = await recordedCase(ledger, runId);
  const test = flowTest.parse(testOf(recorded));
  return { test, text: textOf(runId, recorded, test) };
}

function testOf(recorded: RecordedCase): unknown {
  const { state, effects } = recorded;
  const redactor = new Redactor();
  const timeline = timelineOf(recorded);
  redactor.learn(timeline);
  for (const { output, error } of effects) redactor.learn({ output, message: error?.message });
  const source = (value: unknown) =>
    mapTexts(value, (text, field) => withCaseId(literal(redactor.text(text, field)), state.id, 'case'));
  const modes = modesOf(effects);
  return {
    version: 1,
    clock: new Date(timeline.start).toISOString(),
    ...(Object.keys(modes).length === 0 ? {} : { modes }),
    answers: answersOf(effects, source),
    scenarios: [
      {
        name: `${state.code} as recorded`,
        given: source(timeline.given),
        ...(timeline.then.length === 0 ? {} : { then: source(timeline.then) }),
        expect: expectationOf(recorded, timeline, redactor),
      },
    ],
  };
}

function expectationOf(recorded: RecordedCase, timeline: Timeline, redactor: Redactor): Expectation {
  const { cases, state, effects, deadLetters } = recorded;
  const index = cases.findIndex(({ id }) => id === state.id);
  const input = (value: unknown) =>
    mapTexts(value, (text, field) => expectedText(text, field, { recorded, timeline, redactor, index }));
  const done = effects.filter(({ safety }) => safety !== 'read');
  const undone = done.filter(
    (effect) => isUndo(effect) && (effect.state === 'CONFIRMED' || effect.state === 'ACCEPTED'),
  );
  return {
    cases: cases.map((one) => (one.id === state.id ? expectedCase(recorded) : { code: one.code })),
    effects: done
      .filter((effect) => !isUndo(effect))
      .map(({ step, partner, operation, state: reached, input: given }) => ({
        ...{ step, call: `${partner}.${operation}`, state: reached },
        ...(given === null || given === undefined ? {} : { input: input(given) }),
      })),
    ...(undone.length === 0 ? {} : { compensated: undone.map(({ step }) => step.slice('undo:'.length)) }),
    ...(deadLetters.length === 0 ? {} : { deadLetters: deadLetters.map(({ reason }) => reason.code) }),
  };
}

function expectedCase({
  state,
}: RecordedCase): NonNullable<Exclude<Expectation['cases'], readonly unknown[]>> {
  const outcome = state.plan?.outcome ?? state.policy?.outcome;
  return {
    ...{ code: state.code, state: state.state, severity: state.severity },
    ...(outcome === undefined ? {} : { outcome }),
    ...(state.policy?.row === undefined ? {} : { row: state.policy.row }),
    ...(state.policy === undefined ? {} : { policy: state.policy.name }),
  };
}

interface Sources {
  recorded: RecordedCase;
  timeline: Timeline;
  redactor: Redactor;
  /** Of the case among those that are expected. */
  index: number;
}

/** What the flow made of its sources; what it took from elsewhere, the clock of then or its settings, may be anything. */
function expectedText(
  text: string,
  field: string,
  { recorded, timeline, redactor, index }: Sources,
): unknown {
  if (redactor.isStrange(text, field) || readsClock(text, recorded, timeline)) return '*';
  return withCaseId(plainExpectation(redactor.text(text, field)), recorded.state.id, `cases[${index}].id`);
}

const instantForm = /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})/g;

/** A time while the run was under way that nobody told it: the flow looked at the clock, which stands still in a test. */
function readsClock(text: string, { facts, effects }: RecordedCase, { start, end }: Timeline): boolean {
  const times = [...text.matchAll(instantForm)].map(([found]) => Date.parse(found));
  const inside = times.filter((at) => at > start && at <= end);
  if (inside.length === 0) return false;
  const told = JSON.stringify([facts.map(({ fact }) => fact.data), effects.map(({ output }) => output)]);
  const toldTimes = new Set([...told.matchAll(instantForm)].map(([found]) => Date.parse(found)));
  return inside.some((at) => !toldTimes.has(at));
}

/** A text of the data is no template. */
const literal = (text: string): string => (text.startsWith('=') ? `=${text}` : text);

/** In an expectation a star and slashes mean something, too. */
function plainExpectation(text: string): string {
  if (text === '*' || /^\/.+\/$/.test(text)) return `/^${text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')}$/`;
  return literal(text);
}

/** The test's case has an id of its own. */
function withCaseId(text: string, caseId: string, name: string): string {
  if (!text.includes(caseId)) return text;
  const parts = text.split(caseId).map((part) => (part === '' ? [] : [JSON.stringify(part)]));
  return `= ${parts.flatMap((part, index) => (index === 0 ? part : [name, ...part])).join(' & ')}`;
}

function textOf(runId: string, { state }: RecordedCase, test: FlowTest): string {
  const head = [
    `# A recorded run, without persons: ${state.code}, ${new Date(state.detectedAt).toISOString().slice(0, 10)}, run ${runId}.`,
    '# Put it beside its flow, or name the flow with `flow:`. docs/flow-tests.md describes the format.',
  ];
  const { partners: _partners, with: _with, ...rest } = test;
  return `${head.join('\n')}\n${stringify(withoutDefaults(rest), { lineWidth: 140, aliasDuplicateObjects: false })}`;
}

/** What the format fills in by itself is not written down. */
function withoutDefaults({ scenarios, ...rest }: Partial<FlowTest>): object {
  return {
    ...rest,
    scenarios: scenarios?.map(({ faultMatrix: _matrix, then, ...scenario }) => {
      const { expect, ...before } = scenario;
      return { ...before, ...(then.length === 0 ? {} : { then }), expect };
    }),
  };
}

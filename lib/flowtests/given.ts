/** From the short form of a given fact to what a connector would have said. */
import { z } from 'zod';
import { FatalError } from '../model/errors';
import { type FactDraft, factData, type Identifiers, milestones } from '../model/fact';
import { exceptionCodes } from '../model/taxonomy';
import type { VirtualClock } from './clock';
import type { GivenFact } from './format';

type GivenIdentifier = NonNullable<GivenFact['identifiers']>[string];

/** Vocabulary of an identifier that names none. */
const ownNamespace = 'test';

/** @throws FatalError GIVEN_INVALID naming the path of every field that the canonical model refuses */
export function draftOf(given: GivenFact, clock: VirtualClock, path: string, ordinal: number): FactDraft {
  const data = {
    ...given.data,
    time: { ...timeOf(given, clock, path) },
    identifiers: identifiersOf(given),
    ...defined({ context: given.context, place: given.place, evidence: given.evidence }),
    ...defined({ exception: exceptionOf(given), milestone: milestoneOf(given), sourceCode: sourceOf(given) }),
  };
  const parsed = factData.omit({ raw: true }).safeParse(data);
  if (!parsed.success) throw invalid(path, parsed.error);
  return {
    type: given.type ?? typeOf(given),
    dedupKey: given.key ?? `given|${ordinal}|${given.fact}`,
    data: parsed.data,
  };
}

function timeOf(given: GivenFact, clock: VirtualClock, path: string): FactDraft['data']['time'] {
  const at = given.at === undefined ? clock.now() : clock.momentOf(given.at);
  const recorded = given.recordedAt === undefined ? undefined : clock.momentOf(given.recordedAt);
  if (Number.isNaN(at) || Number.isNaN(recorded))
    throw new FatalError('GIVEN_INVALID', `${path}.at: ${given.at} is no moment`);
  const zone = /([+-]\d{2}:\d{2})$/.exec(given.at ?? '')?.[1];
  return {
    eventTime: zone === undefined || given.at === undefined ? new Date(at).toISOString() : given.at,
    eventTimeZoneOffset: zone ?? '+00:00',
    recordTime: new Date(clock.now()).toISOString(),
    ...(recorded === undefined ? {} : { sourceRecordTime: new Date(recorded).toISOString() }),
    timeClassifier: given.time,
    timeConfidence: given.timeConfidence,
  };
}

function identifiersOf({ identifiers = {}, order }: GivenFact): Identifiers {
  const all = order === undefined ? identifiers : { orderNumber: order, ...identifiers };
  return Object.fromEntries(
    Object.entries(all).map(([kind, value]) => [
      kind,
      (Array.isArray(value) ? value : [value]).map((entry) => identifierOf(kind, entry)),
    ]),
  );
}

function identifierOf(kind: string, value: Exclude<GivenIdentifier, readonly unknown[]>): unknown {
  if (typeof value === 'object') return value;
  if (kind === 'sscc') return String(value);
  if (kind === 'trackingNumber') return { carrier: ownNamespace, value: String(value) };
  return { namespace: ownNamespace, value: String(value) };
}

const isException = (name: string): boolean => (exceptionCodes as readonly string[]).includes(name);
const isMilestone = (name: string): boolean => (milestones as readonly string[]).includes(name);

function typeOf({ fact }: GivenFact): FactDraft['type'] {
  return isException(fact) ? 'org.reroute.shipment.exception.v1' : 'org.reroute.shipment.milestone.v1';
}

function milestoneOf(given: GivenFact): string | undefined {
  return given.milestone ?? (isMilestone(given.fact) && !isException(given.fact) ? given.fact : undefined);
}

function exceptionOf({ fact, exception, lines }: GivenFact): unknown {
  if (!isException(fact)) return undefined;
  const list = lines === undefined ? undefined : Array.isArray(lines) ? lines : [lines];
  const discrepancies = list?.map(({ line, item, expected, actual, uom }) => ({
    lineId: String(line),
    ...(item === undefined ? {} : { item }),
    expected: { value: String(expected), uom },
    actual: { value: String(actual), uom },
  }));
  return { code: fact, ...(discrepancies ? { discrepancies } : {}), ...exception };
}

function sourceOf({ fact, text }: GivenFact): unknown {
  if (text === undefined) return undefined;
  return { system: ownNamespace, codeList: 'flowtest', status: fact, text, mappingVersion: '1' };
}

function defined(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

function invalid(path: string, error: z.ZodError): FatalError {
  const words = error.issues.map(
    (issue) => `${path}: data.${z.core.toDotPath(issue.path)}: ${issue.message}`,
  );
  return new FatalError('GIVEN_INVALID', words.join('\n'), {
    hint: 'See docs/flow-tests.md for the short form, and the canonical model for the fields.',
  });
}

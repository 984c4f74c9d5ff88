/** EPCIS events to facts: one fact an event, and one more for each further exception in it. */
import type { Discrepancy, FactData, FactDraft, FactType } from '../../model/fact';
import { sha256Hex, shipmentKeyOf } from '../../model/keys';
import type { ExceptionCode } from '../../model/taxonomy';
import { type CodeMeaning, loadCodes } from '../kit/codes';
import type {
  Identified,
  InboundRequest,
  NormalizeContext,
  NormalizeReport,
  NormalizeResult,
} from '../kit/connector';
import { sameDecimal } from '../kit/decimal';
import { keyOf, sourceCodeOf } from '../kit/draft';
import { readJson, rejected, soundly, totally } from '../kit/json';
import { withinLimits } from '../kit/line-limit';
import { oncePerDelivery } from '../kit/payload';
import { object, text } from '../kit/text';
import { type EventTime, factTime, instant, isoTime, offsetMinutes } from '../kit/time';
import { eventsOf, type FoundEvent, originalKey } from './document';
import { cbvTerm } from './epc';
import { type Extension, extensionOf } from './extension';
import { identifiersOf } from './identifiers';
import { settingsOf } from './manifest';
import { type Counted, compare, differs, expectedOf, handledOf, isShort, linesOf } from './quantities';
import type { EpcisEvent } from './schema';

/** The events of a body, or the report why there are none to read. */
const readEvents = oncePerDelivery((request) => {
  const parsed = readJson(request);
  return parsed.ok ? { payload: parsed.value, ...eventsOf(parsed.value) } : parsed.report;
});

const codes = loadCodes(__dirname);

type Exception = NonNullable<FactData['exception']>;

/** Local time with the offset of the place: the instant of `eventTime`, written at `eventTimeZoneOffset`. */
function timeOf(event: EpcisEvent): EventTime | undefined {
  const offset = offsetMinutes(event.eventTimeZoneOffset);
  const time = isoTime(event.eventTime, { offsetMinutes: offset });
  if (time === undefined || offset === undefined || offsetMinutes(time.offset) === offset) return time;
  const local = instant(time.ms + offset * 60_000).replace(/(\.000)?Z$/, '');
  const written = (event.eventTimeZoneOffset ?? '')
    .replace(/^([+-]\d{2}):?(\d{2}).*$/, '$1:$2')
    .replace(/^z$/i, '+00:00');
  return { ...time, iso: local + written, offset: written };
}

interface Meant {
  step: string | undefined;
  disposition: string | undefined;
  milestone: CodeMeaning['milestone'];
  exceptions: Exception[];
}

/** Receiving compares both ways, picking only for what is missing. */
function differences(step: string | undefined, compared: Discrepancy[] | undefined): Exception[] {
  if (compared === undefined) return [];
  if (step === 'picking') {
    const short = compared.filter(isShort);
    return short.length === 0 ? [] : [{ code: 'INVENTORY_SHORT_PICK', discrepancies: short }];
  }
  if (step !== 'receiving' && step !== 'accepting') return [];
  const different = compared.filter(differs);
  return different.length === 0 ? [] : [{ code: 'ASN_MISMATCH', discrepancies: different }];
}

function coded(code: ExceptionCode | undefined, word: string, found: readonly Exception[]): Exception[] {
  if (code === undefined || found.some((one) => one.code === code)) return [];
  // A mismatch is about lines: without what was expected nobody can say which, so a person looks at it.
  if (code === 'ASN_MISMATCH') {
    return [
      {
        code: 'UNMAPPED_STATUS',
        message: `${word} without expected quantities: the event does not say what differs`,
      },
    ];
  }
  return [{ code }];
}

function meantBy(event: EpcisEvent, compared: Discrepancy[] | undefined): Meant {
  const step = event.bizStep === undefined ? undefined : cbvTerm(event.bizStep);
  const disposition = event.disposition === undefined ? undefined : cbvTerm(event.disposition);
  const byStep = step === undefined ? undefined : codes.meaning('BizStep', step);
  const byDisposition = disposition === undefined ? undefined : codes.meaning('Disp', disposition);
  const exceptions = differences(step, compared);
  for (const [meaning, word] of [
    [byDisposition, disposition],
    [byStep, step],
  ] as const) {
    exceptions.push(...coded(meaning?.exception, word ?? '', exceptions));
  }
  const alarm = (event.sensorElementList ?? []).some((element) =>
    element.sensorReport?.some((report) => report.exception?.endsWith('ALARM_CONDITION')),
  );
  if (alarm) exceptions.push({ code: 'CONDITION_BREACH', message: 'a sensor reported an alarm condition' });
  const milestone = byDisposition?.milestone ?? byStep?.milestone;
  return {
    step,
    disposition,
    milestone: step === 'picking' && nothingPicked(compared) ? undefined : milestone,
    exceptions,
  };
}

/** A pick that found nothing has picked nothing. */
function nothingPicked(compared: Discrepancy[] | undefined): boolean {
  return compared?.every(({ actual }) => sameDecimal(actual.value, '0')) ?? false;
}

interface Mapped {
  event: EpcisEvent;
  found: FoundEvent;
  time: EventTime;
  context: NormalizeContext;
  extension: Extension;
}

function dataOf(mapped: Mapped, identifiers: FactData['identifiers']): Omit<FactData, 'raw'> {
  const { event, found, time, context } = mapped;
  const record = isoTime(event.recordTime);
  const place = event.bizLocation?.id ?? event.readPoint?.id;
  return {
    time: {
      ...factTime(time, instant(context.receivedAt)),
      ...(record === undefined ? {} : { sourceRecordTime: record.iso }),
    },
    identifiers,
    sourceCode: sourceCodeOf(context.manifest, {
      codeList: found.type ?? 'EPCISEvent',
      codeListVersion: '2.0',
      agency: 'GS1',
      status: event.bizStep === undefined ? '(no bizStep)' : cbvTerm(event.bizStep).slice(0, 500),
      reason: event.disposition === undefined ? undefined : cbvTerm(event.disposition).slice(0, 500),
    }),
    ...(place === undefined || place.length > 200 ? {} : { place: { locationId: place } }),
  };
}

function retraction(mapped: Mapped, data: Omit<FactData, 'raw'>): FactDraft | undefined {
  const declaration = mapped.event.errorDeclaration;
  if (declaration === undefined) return undefined;
  const { reason, correctiveEventIDs } = declaration;
  const declared = isoTime(declaration.declarationTime);
  return {
    type: 'org.reroute.shipment.retracted.v1',
    dedupKey: mapped.found.key,
    data: {
      ...data,
      time:
        declared === undefined
          ? data.time
          : { ...data.time, eventTime: declared.iso, eventTimeZoneOffset: declared.offset },
      retracts: {
        eventId: originalKey(mapped.found.raw),
        ...(reason === undefined ? {} : { reason: cbvTerm(reason) }),
        ...(correctiveEventIDs === undefined ? {} : { correctiveEventIds: correctiveEventIDs.map(shortId) }),
      },
    },
  };
}

const shortId = (id: string) => (id.length <= 200 ? id : sha256Hex(id));

function draftsOf(
  mapped: Mapped,
  data: Omit<FactData, 'raw'>,
  expected: readonly Counted[] | undefined,
): FactDraft[] {
  const { event, extension } = mapped;
  const handled = handledOf(event, extension);
  const compared = expected === undefined ? undefined : compare(expected, handled);
  const { step, disposition, milestone, exceptions } = meantBy(event, compared);
  const lines = linesOf(compared, handled);
  const told = {
    ...data,
    ...(step === undefined ? {} : { bizStep: step.slice(0, 100) }),
    ...(disposition === undefined ? {} : { disposition: disposition.slice(0, 100) }),
    ...(milestone === undefined ? {} : { milestone }),
    ...(lines === undefined ? {} : { lines }),
  };
  const key = mapped.found.key;
  if (exceptions.length === 0) {
    const type: FactType =
      milestone === undefined ? 'org.reroute.inventory.changed.v1' : 'org.reroute.shipment.milestone.v1';
    return [{ type, dedupKey: key, data: told }];
  }
  return exceptions.map((exception, index) => ({
    type: 'org.reroute.shipment.exception.v1',
    dedupKey: index === 0 ? key : `${key}#${exception.code}`,
    data: { ...told, exception },
  }));
}

function mapEvent(found: FoundEvent, context: NormalizeContext, documentContext: unknown): NormalizeResult {
  if (found.type === undefined)
    return rejected('UNKNOWN_EVENT_TYPE', 'this is no event type of EPCIS 2.0', found.at);
  const parsed = found.content;
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return rejected(
      'NOT_AN_EPCIS_EVENT',
      `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'invalid'}`,
      found.at,
    );
  }
  const event = parsed.data;
  const time = timeOf(event);
  if (time === undefined) return rejected('EVENT_TIME_INVALID', 'eventTime is no date and time', found.at);
  const { identifiers, reports } = identifiersOf(event, settingsOf(context.settings), found.at);
  const extension = extensionOf(documentContext, found.raw['@context']);
  const mapped: Mapped = { event, found, time, context, extension };
  const data = dataOf(mapped, identifiers);
  const retracted = retraction(mapped, data);
  if (retracted !== undefined) return { facts: [retracted], reports };
  const expected = expectedOf(event, extension);
  if (expected === 'unreadable') {
    return rejected(
      'EXPECTED_QUANTITIES_INVALID',
      'reroute:expectedQuantityList cannot be compared',
      found.at,
    );
  }
  const facts = draftsOf(mapped, data, expected === 'absent' ? undefined : expected);
  return withinLimits({ facts, reports }, found.at);
}

/** Total: every event becomes a fact or a report. */
export function normalize(request: InboundRequest, context: NormalizeContext): NormalizeResult {
  const read = readEvents(request);
  if (!('events' in read)) return { facts: [], reports: [read] };
  return totally(() => {
    const { payload, events, context: documentContext, recognised } = read;
    const version = versionOf(payload);
    if (version !== undefined && !version.startsWith('2.')) {
      const message = `the document is EPCIS ${version.slice(0, 20)}; this connector reads ${context.manifest.apiVersion}`;
      return rejected('VERSION_UNSUPPORTED', message, '/schemaVersion');
    }
    if (!recognised) return rejected('NOT_EPCIS', 'the payload is no EPCIS 2.0 document or event');
    if (events.length === 0) return { facts: [], reports: [emptyReport] };
    const results = events.map((event) => soundly(() => mapEvent(event, context, documentContext)));
    return { facts: results.flatMap((one) => one.facts), reports: results.flatMap((one) => one.reports) };
  });
}

/** `schemaVersion` of a document; an event by itself has none. */
function versionOf(payload: unknown): string | undefined {
  return text(object(payload)?.schemaVersion, 100);
}

const emptyReport: NormalizeReport = {
  kind: 'not-a-fact',
  code: 'NO_EVENTS',
  message: 'the document holds no events',
};

/** The key of its only event, else a hash of the sorted keys: a document sent again with its events in another order is the same. */
export function identify(request: InboundRequest): Identified {
  const read = readEvents(request);
  if (!('events' in read)) return { dedupKey: sha256Hex(request.body) };
  try {
    const keys = read.events.map(({ key }) => key).sort();
    const [first] = keys;
    if (first === undefined) return { dedupKey: sha256Hex(request.body) };
    const orderKey = orderKeyOf(read.events);
    return {
      dedupKey: keys.length === 1 ? first : keyOf(keys),
      ...(orderKey === undefined ? {} : { orderKey }),
    };
  } catch {
    // A number beyond all bounds has no canonical form: the bytes themselves are the key.
    return { dedupKey: sha256Hex(request.body) };
  }
}

/** Intake does not know the partner's settings. */
const noSettings = {};

function orderKeyOf(events: readonly FoundEvent[]): string | undefined {
  for (const { content } of events) {
    const key = content.success
      ? shipmentKeyOf(identifiersOf(content.data, settingsOf(noSettings), '').identifiers)
      : undefined;
    if (key !== undefined) return key;
  }
  return undefined;
}

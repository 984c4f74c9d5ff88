/** One row to one fact, by the partner's mapping. */
import { DateTime } from 'luxon';
import type { FactData, FactDraft, Identifier, Milestone } from '../../model/fact';
import { milestones } from '../../model/fact';
import { type ExceptionCode, exceptionCodes } from '../../model/taxonomy';
import type { NormalizeContext } from '../kit/connector';
import { plainDecimal, subtract } from '../kit/decimal';
import { keyOf, sourceCodeOf } from '../kit/draft';
import { discrepancyOf, quantityOf } from '../kit/edi/scope';
import { idOf, ssccOf } from '../kit/edi/text';
import { placeOf } from '../kit/place';
import { type EventTime, factTime, instant, isoTime, offsetMinutes, receivedTime } from '../kit/time';
import type { Row } from './fields';
import type { CsvSettings } from './manifest';

/** What keeps a row from being a fact; the sentence becomes the report. */
export class RowFault extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = 'RowFault';
  }
}

const idFields = [
  'orderNumber',
  'erpSalesOrderId',
  'deliveryId',
  'shipmentId',
  'proNumber',
  'bolNumber',
  'asnId',
  'customerAccount',
  'inventoryLocation',
] as const;

/** @throws RowFault when the row cannot be read */
export function factOfRow(row: Row, settings: CsvSettings, context: NormalizeContext): FactDraft {
  const identifiers = identifiersOf(row, settings);
  if (Object.keys(identifiers).length === 0)
    throw new RowFault('IDENTIFIER_MISSING', 'no column identifies what the row is about');
  const stated = row('eventTime');
  const time =
    stated === undefined ? receivedTime(context.receivedAt) : timeOf(stated, 'eventTime', row, settings);
  const status = row('status');
  const reason = row('reason');
  const line = lineOf(row, settings);
  const meaning = meaningOf(status, reason, line, settings);
  const place = placeOf({
    city: row('city'),
    region: row('region'),
    postalCode: row('postalCode'),
    country: row('country'),
    locationId: row('locationId'),
  });
  const name = idOf(row('place') ?? '');
  const where =
    place === undefined && name === undefined
      ? undefined
      : { ...(name === undefined ? {} : { name }), ...place };
  const { milestone, exception } = meaning;
  const text = row('text')?.slice(0, 2000);
  return {
    type: exception === undefined ? 'org.reroute.shipment.milestone.v1' : 'org.reroute.shipment.exception.v1',
    dedupKey: dedupKeyOf(row, identifiers, stated === undefined ? undefined : time.ms, where),
    data: {
      time: factTime(time, instant(context.receivedAt)),
      identifiers,
      sourceCode: sourceCodeOf(context.manifest, {
        codeList: 'file',
        status: (status ?? '-').slice(0, 500),
        ...(reason === undefined ? {} : { reason: reason.slice(0, 500) }),
        ...(text === undefined ? {} : { text }),
      }),
      ...(milestone === undefined ? {} : { milestone }),
      ...(exception === undefined
        ? {}
        : {
            exception: {
              code: exception,
              ...meaning.details,
              ...(text === undefined ? {} : { message: text }),
            },
          }),
      ...contextOf(row, settings),
      ...(where === undefined ? {} : { place: where }),
      ...(line === undefined ? {} : { lines: [line] }),
    },
  };
}

function identifiersOf(row: Row, { namespace, carrier }: CsvSettings): FactData['identifiers'] {
  const found: Record<string, Identifier[]> = {};
  for (const field of idFields) {
    const value = idOf(row(field) ?? '');
    if (value !== undefined) found[field] = [{ namespace, value }];
  }
  const tracking = idOf(row('trackingNumber') ?? '', 100);
  const sscc = ssccOf(row('sscc') ?? '');
  if (sscc === undefined && row('sscc') !== undefined)
    throw new RowFault('SSCC_INVALID', 'sscc has no 18 digits or a wrong check digit');
  const by = idOf((row('carrier') ?? carrier ?? namespace).toLowerCase(), 100) ?? namespace;
  return {
    ...found,
    ...(tracking === undefined ? {} : { trackingNumber: [{ carrier: by, value: tracking }] }),
    ...(sscc === undefined ? {} : { sscc: [sscc] }),
  };
}

/** ISO 8601, or the partner's pattern; the row's own offset, else the partner's zone, else UTC and said so. */
function timeOf(value: string, what: string, row: Row, { dateFormat, timeZone }: CsvSettings): EventTime {
  const own = offsetMinutes(row('offset'));
  const where = own === undefined ? { zone: timeZone } : { offsetMinutes: own };
  const iso = /^\d{4}-\d{2}-\d{2}$/.test(value) ? `${value}T00:00` : value;
  const read = isoTime(dateFormat === undefined ? iso : patternTime(value, dateFormat), where);
  if (read === undefined) throw new RowFault('DATE_INVALID', `${what} is no date in the partner's format`);
  return read;
}

/** As ISO text: with the offset when the pattern has one, local without. */
function patternTime(value: string, format: string): string | undefined {
  const zoned = /Z|z/.test(format.replace(/'[^']*'/g, ''));
  const at = DateTime.fromFormat(
    value,
    format,
    zoned ? { setZone: true, locale: 'en' } : { zone: 'utc', locale: 'en' },
  );
  if (!at.isValid) return undefined;
  return at.toISO({ includeOffset: zoned, suppressMilliseconds: true });
}

function contextOf(row: Row, settings: CsvSettings): { context?: FactData['context'] } {
  const eta = row('etaAt');
  const promised = row('promisedDeliveryAt');
  const warehouse = row('warehouse')?.slice(0, 100);
  const context = {
    ...(eta === undefined ? {} : { etaAt: timeOf(eta, 'etaAt', row, settings).iso }),
    ...(promised === undefined
      ? {}
      : { promisedDeliveryAt: timeOf(promised, 'promisedDeliveryAt', row, settings).iso }),
    ...(warehouse === undefined ? {} : { warehouse }),
  };
  return Object.keys(context).length === 0 ? {} : { context };
}

type Line = NonNullable<FactData['lines']>[number];

function lineOf(row: Row, settings: CsvSettings): Line | undefined {
  const lineId = row('lineId');
  const item = idOf(row('item') ?? '');
  const ordered = amountOf(row, 'orderedQuantity', settings);
  const fulfilled = amountOf(row, 'fulfilledQuantity', settings);
  if (lineId === undefined && item === undefined && ordered === undefined && fulfilled === undefined)
    return undefined;
  const unit = row('uom')?.toUpperCase() ?? 'EA';
  if (!/^[A-Z0-9]{2,3}$/.test(unit))
    throw new RowFault('UNIT_INVALID', 'uom is no unit of UNECE Recommendation 20');
  return {
    lineId: (lineId ?? item ?? '1').slice(0, 100),
    ...(item === undefined ? {} : { item }),
    ...(ordered === undefined ? {} : { ordered: quantityOf(ordered, unit) }),
    ...(fulfilled === undefined ? {} : { fulfilled: quantityOf(fulfilled, unit) }),
  };
}

/** A comma may part thousands where the point is the decimal mark, and the other way round. */
function amountOf(
  row: Row,
  field: 'orderedQuantity' | 'fulfilledQuantity',
  { decimalMark }: CsvSettings,
): string | undefined {
  const value = row(field);
  if (value === undefined) return undefined;
  const thousands = decimalMark === '.' ? ',' : '.';
  const grouped = new RegExp(`^-?\\d{1,3}(\\${thousands}\\d{3})+(\\${decimalMark}\\d+)?$`).test(value);
  const text = (grouped ? value.replaceAll(thousands, '') : value).replace(decimalMark, '.');
  const amount =
    value.length > 40 || (decimalMark === ',' && !grouped && value.includes('.'))
      ? undefined
      : plainDecimal(text);
  if (amount === undefined) throw new RowFault('QUANTITY_INVALID', `${field} is no number`);
  return amount;
}

interface Meaning {
  milestone?: Milestone | undefined;
  exception?: ExceptionCode | undefined;
  details?: Pick<NonNullable<FactData['exception']>, 'discrepancies'>;
}

const comparedAs = {
  shortPick: 'INVENTORY_SHORT_PICK',
  receipt: 'ASN_MISMATCH',
  fulfilment: 'PARTIALLY_FULFILLED',
} as const;
const aboutLines: ReadonlySet<string> = new Set(Object.values(comparedAs));

/** Status and reason by the partner's tables, our own words as they are; quantities by the partner's comparison. An unknown status is shown. */
function meaningOf(
  status: string | undefined,
  reason: string | undefined,
  line: Line | undefined,
  settings: CsvSettings,
): Meaning {
  const told = toldBy(status, reason, settings);
  const different = differenceOf(line, settings.compare);
  if (different !== undefined && settings.compare !== 'none')
    return {
      milestone: told.milestone,
      exception: comparedAs[settings.compare],
      details: { discrepancies: [different] },
    };
  if (told.exception === undefined || !aboutLines.has(told.exception)) return told;
  const compared = differenceOf(line, 'receipt');
  if (compared === undefined)
    throw new RowFault(
      'QUANTITY_MISSING',
      `${told.exception} without an ordered and a fulfilled quantity that differ`,
    );
  return { ...told, details: { discrepancies: [compared] } };
}

function toldBy(status: string | undefined, reason: string | undefined, settings: CsvSettings): Meaning {
  if (status === undefined) return {};
  const names = reason === undefined ? [status] : [`${status}/${reason}`, status];
  const milestone = lookedUp(settings.milestones, names) ?? milestones.find((known) => known === status);
  const exception = lookedUp(settings.exceptions, names) ?? exceptionCodes.find((known) => known === status);
  if (
    milestone === undefined &&
    exception === undefined &&
    !names.some((name) => settings.ignored.includes(name))
  )
    return { exception: 'UNMAPPED_STATUS' };
  return { milestone, exception };
}

/** Only own members: a status may be called like a property of every object. */
function lookedUp<T>(table: Readonly<Record<string, T>>, names: readonly string[]): T | undefined {
  for (const name of names) if (Object.hasOwn(table, name)) return table[name];
  return undefined;
}

function differenceOf(line: Line | undefined, compare: CsvSettings['compare']) {
  if (line?.ordered === undefined || line.fulfilled === undefined || compare === 'none') return undefined;
  const difference = subtract(line.fulfilled.value, line.ordered.value);
  if (difference === undefined || difference === '0') return undefined;
  if (compare !== 'receipt' && !difference.startsWith('-')) return undefined;
  return discrepancyOf(line.lineId, line.item, line.ordered, line.fulfilled);
}

/** The file's own id of the event; else its business key, in which neither prose nor the moment of receipt counts. */
function dedupKeyOf(
  row: Row,
  identifiers: FactData['identifiers'],
  ms: number | undefined,
  place: FactData['place'],
): string {
  const id = row('eventId');
  if (id !== undefined) return keyOf(['csv', 'id', id]);
  const parts = [
    row('status'),
    row('reason'),
    ms,
    row('lineId'),
    row('item'),
    row('orderedQuantity'),
    row('fulfilledQuantity'),
  ];
  return keyOf(['csv', JSON.stringify(identifiers), ...parts, JSON.stringify(place ?? null)]);
}

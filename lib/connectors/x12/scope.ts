/** What a mapping of one transaction set works with: its segments, the partner's settings, and how its facts are made. */
import type { Discrepancy, FactData, FactDraft } from '../../model/fact';
import { sha256Hex } from '../../model/keys';
import { loadCodes } from '../kit/codes';
import type { NormalizeContext, NormalizeReport } from '../kit/connector';
import { keyOf, type ShipmentEvent, shipmentFact, sourceCodeOf, type VendorCode } from '../kit/draft';
import { type Segment, SegmentFault } from '../kit/edi/segments';
import { IdentifierBag, type Namespaces, namespacesOf } from '../kit/edi/settings';
import { decimalText } from '../kit/edi/text';
import { notAFact } from '../kit/json';
import { type EventTime, factTime, instant, receivedTime } from '../kit/time';
import type { X12Set } from './envelope';
import { type X12Place, x12Time } from './times';

export const codes = loadCodes(__dirname);

type Quantity = Discrepancy['expected'];
type Draft = Omit<ShipmentEvent, 'manifest' | 'codes' | 'recordTime' | 'dedupKey' | 'code'> & {
  code: VendorCode;
};

/** What a mapping answers: facts, and reports of what is understood and no fact. */
export interface Mapped {
  facts: FactDraft[];
  reports: NormalizeReport[];
}

export class SetScope {
  readonly recordTime: string;
  readonly namespaces: Namespaces;
  private readonly identity: string;
  private made = 0;

  constructor(
    readonly set: X12Set,
    readonly context: NormalizeContext,
  ) {
    this.recordTime = instant(context.receivedAt);
    this.namespaces = namespacesOf(context.settings);
    const { isa } = set.group.interchange;
    const content = sha256Hex(set.segments.map(({ raw }) => raw).join('\n'));
    // The domain rule for EDI: control numbers and a hash of the content.
    this.identity = JSON.stringify([
      isa[5],
      isa[6],
      isa[7],
      isa[8],
      isa[13],
      set.group.control,
      set.control,
      content,
    ]);
  }

  get version(): string {
    return this.set.group.version;
  }

  /** The `n`th fact of this very transaction set has this key, however often it is sent. */
  private nextKey(): string {
    return keyOf(['x12', this.identity, this.made++]);
  }

  bag(): IdentifierBag {
    return new IdentifierBag(this.namespaces);
  }

  /** The first segment of a name. */
  find(tag: string): Segment | undefined {
    return this.set.segments.find((segment) => segment.tag === tag);
  }

  /** @throws SegmentFault when the set has none */
  require(tag: string): Segment {
    const found = this.find(tag);
    if (found !== undefined) return found;
    throw new SegmentFault('SEGMENT_MISSING', `a ${this.set.type} without its ${tag}`, { tag, position: 2 });
  }

  /** A date and time in elements; the moment of receipt when there is none. @throws SegmentFault when it cannot be read */
  time(segment: Segment | undefined, date: number, time: number, code = 0, place: X12Place = {}): EventTime {
    const day = segment?.element(date).trim() ?? '';
    if (segment === undefined || day === '') return receivedTime(this.context.receivedAt);
    const timeCode = code === 0 ? '' : segment.element(code);
    const read = x12Time(
      day,
      time === 0 ? '' : segment.element(time),
      timeCode,
      place,
      this.context.settings.timeZone,
    );
    if (read === undefined)
      throw new SegmentFault('DATE_INVALID', `element ${date} is no date, or ${time} no time`, segment, date);
    return read;
  }

  /** A quantity in an element; undefined when empty. @throws SegmentFault when it is no number */
  amount(segment: Segment, element: number): string | undefined {
    const raw = segment.element(element).trim();
    if (raw === '') return undefined;
    const value = decimalText(raw);
    if (value === undefined)
      throw new SegmentFault('QUANTITY_INVALID', `element ${element} is no number`, segment, element);
    return value;
  }

  /** A fact classified by the code table. */
  coded(event: Draft): FactDraft {
    return shipmentFact({
      ...event,
      code: { agency: 'X12', codeListVersion: this.version.slice(0, 50), ...event.code },
      manifest: this.context.manifest,
      codes,
      recordTime: this.recordTime,
      dedupKey: this.nextKey(),
    });
  }

  /** A fact that quantities decide, not a code: the code list named is none of the table. */
  counted(
    event: Draft & { exception?: FactData['exception']; milestone?: FactData['milestone'] },
  ): FactDraft {
    const { exception, milestone } = event;
    return {
      type:
        exception === undefined ? 'org.reroute.shipment.milestone.v1' : 'org.reroute.shipment.exception.v1',
      dedupKey: this.nextKey(),
      data: {
        time: factTime(event.time, this.recordTime, event.classifier),
        identifiers: event.identifiers,
        sourceCode: sourceCodeOf(this.context.manifest, {
          agency: 'X12',
          codeListVersion: this.version.slice(0, 50),
          ...event.code,
        }),
        ...(milestone === undefined ? {} : { milestone }),
        ...(exception === undefined ? {} : { exception }),
        ...(event.place === undefined ? {} : { place: event.place }),
        ...event.more,
      },
    };
  }

  note(code: string, message: string): NormalizeReport {
    return notAFact(code, message, this.set.at);
  }
}

/** X12 units (element 355) in UNECE Recommendation 20 where they differ; a missing one counts pieces. */
const units: ReadonlyMap<string, string> = new Map(
  Object.entries({
    LB: 'LBR',
    KG: 'KGM',
    GR: 'GRM',
    OZ: 'ONZ',
    PC: 'H87',
    CA: 'CS',
    DZ: 'DZN',
  }),
);

export function unitOf(code: string): string {
  const unit = code.trim().toUpperCase();
  if (unit === '') return 'EA';
  return units.get(unit) ?? (/^[A-Z0-9]{2,3}$/.test(unit) ? unit : 'EA');
}

export const quantityOf = (value: string, uom: string): Quantity => ({ value, uom });

/** A line as a document tells it. */
export interface Line {
  lineId: string;
  item: string | undefined;
  ordered?: Quantity | undefined;
  fulfilled?: Quantity | undefined;
}

/** Lines as a fact holds them, never more than it may hold. */
export function linesOf(lines: readonly Line[]): NonNullable<FactData['lines']> {
  return lines.slice(0, 10_000).map(({ lineId, item, ordered, fulfilled }) => ({
    lineId: lineId.slice(0, 100),
    ...(item === undefined ? {} : { item }),
    ...(ordered === undefined ? {} : { ordered }),
    ...(fulfilled === undefined ? {} : { fulfilled }),
  }));
}

export function discrepancyOf(
  lineId: string,
  item: string | undefined,
  expected: Quantity,
  actual: Quantity,
): Discrepancy {
  return { lineId: lineId.slice(0, 100), ...(item === undefined ? {} : { item }), expected, actual };
}

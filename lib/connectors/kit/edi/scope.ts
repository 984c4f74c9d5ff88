/** What a mapping of one document (a transaction set, a message) works with: its segments, the partner's settings, and how its facts are made. */
import type { Discrepancy, FactData, FactDraft, FactType } from '../../../model/fact';
import { documentUri, sha256Hex } from '../../../model/keys';
import type { CodeTable } from '../codes';
import type { NormalizeContext, NormalizeReport } from '../connector';
import { keyOf, type ShipmentEvent, shipmentFact, sourceCodeOf, type VendorCode } from '../draft';
import { notAFact } from '../json';
import { type EventTime, factTime, instant, receivedTime } from '../time';
import { type Segment, SegmentFault } from './segments';
import { IdentifierBag, type Namespaces, namespacesOf } from './settings';
import { decimalText } from './text';

/** What a mapping answers: facts, and reports of what is understood and no fact. */
export interface Mapped {
  facts: FactDraft[];
  reports: NormalizeReport[];
}

export type CodedEvent = Omit<ShipmentEvent, 'manifest' | 'codes' | 'recordTime' | 'dedupKey'>;
export type CountedEvent = Omit<CodedEvent, 'details'> & {
  exception?: FactData['exception'];
  milestone?: FactData['milestone'];
  type?: FactType;
};

export interface DocumentParts {
  /** X12 or EDIFACT. */
  agency: string;
  /** Its name, e.g. 214 or DESADV. */
  type: string;
  version: string;
  segments: readonly Segment[];
  at: string;
  /** Parties and control numbers from the interchange down. */
  controls: readonly (string | undefined)[];
}

export class DocumentScope {
  readonly recordTime: string;
  readonly namespaces: Namespaces;
  private readonly identity: string;
  private made = 0;

  constructor(
    readonly document: DocumentParts,
    readonly context: NormalizeContext,
    private readonly codes: CodeTable,
  ) {
    this.recordTime = instant(context.receivedAt);
    this.namespaces = namespacesOf(context.settings);
    const content = sha256Hex(document.segments.map(({ raw }) => raw).join('\n'));
    // The domain rule for EDI: control numbers and a hash of the content.
    this.identity = JSON.stringify([document.agency, ...document.controls, content]);
  }

  get segments(): readonly Segment[] {
    return this.document.segments;
  }

  get version(): string {
    return this.document.version;
  }

  /** When it reached us: for documents that tell no moment of their own. */
  get received(): EventTime {
    return receivedTime(this.context.receivedAt);
  }

  bag(): IdentifierBag {
    return new IdentifierBag(this.namespaces);
  }

  /** The first segment of a name. */
  find(tag: string): Segment | undefined {
    return this.segments.find((segment) => segment.tag === tag);
  }

  /** @throws SegmentFault when the document has none */
  require(tag: string): Segment {
    const found = this.find(tag);
    if (found !== undefined) return found;
    throw this.missing(tag);
  }

  missing(tag: string): SegmentFault {
    return new SegmentFault('SEGMENT_MISSING', `a ${this.document.type} without its ${tag}`, {
      tag,
      position: 2,
    });
  }

  /** A quantity in an element; undefined when empty. @throws SegmentFault when it is no number */
  amount(segment: Segment, element: number, component = 1): string | undefined {
    const raw = segment.component(element, component).trim();
    if (raw === '') return undefined;
    const value = decimalText(raw);
    if (value !== undefined) return value;
    throw new SegmentFault('QUANTITY_INVALID', `element ${element} is no number`, segment, element);
  }

  /** A fact classified by the code table. */
  coded(event: CodedEvent): FactDraft {
    return shipmentFact({
      ...event,
      code: this.vendorCode(event.code),
      manifest: this.context.manifest,
      codes: this.codes,
      recordTime: this.recordTime,
      dedupKey: this.nextKey(),
    });
  }

  /** A fact that quantities decide, not a code: the code list named is none of the table. */
  counted(event: CountedEvent): FactDraft {
    const { exception, milestone, type, place } = event;
    const own =
      exception === undefined ? 'org.reroute.shipment.milestone.v1' : 'org.reroute.shipment.exception.v1';
    return {
      type: type ?? own,
      dedupKey: this.nextKey(),
      data: {
        time: factTime(event.time, this.recordTime, event.classifier),
        identifiers: event.identifiers,
        sourceCode: sourceCodeOf(this.context.manifest, this.vendorCode(event.code)),
        ...(milestone === undefined ? {} : { milestone }),
        ...(exception === undefined ? {} : { exception }),
        ...(place === undefined ? {} : { place }),
        ...event.more,
      },
    };
  }

  note(code: string, message: string): NormalizeReport {
    return notAFact(code, message, this.document.at);
  }

  /** The `n`th fact of this very document has this key, however often it is sent. */
  private nextKey(): string {
    return keyOf([this.identity, this.made++]);
  }

  /** Codes are cut to what a fact can hold; a longer one is unknown anyway. */
  private vendorCode(code: VendorCode): VendorCode {
    const { status, reason } = code;
    return {
      agency: this.document.agency,
      codeListVersion: this.version.slice(0, 50),
      ...code,
      status: status === '' ? '-' : status.slice(0, 500),
      ...(reason === undefined || reason === '' ? { reason: undefined } : { reason: reason.slice(0, 500) }),
    };
  }
}

type Quantity = Discrepancy['expected'];

export const quantityOf = (value: string, uom: string): Quantity => ({ value, uom });

/** A line as a document tells it. */
export interface Line {
  lineId: string;
  item: string | undefined;
  ordered?: Quantity | undefined;
  fulfilled?: Quantity | undefined;
}

/** Lines as a fact holds them; `withinLimits` cuts what is too much. */
export function linesOf(lines: readonly Line[]): NonNullable<FactData['lines']> {
  return lines.map(({ lineId, item, ordered, fulfilled }) => ({
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

/** An exception about lines; undefined when there are none. */
export function lineException(
  code: 'INVENTORY_SHORT_PICK' | 'ASN_MISMATCH' | 'PARTIALLY_FULFILLED',
  discrepancies: readonly Discrepancy[],
): { exception?: FactData['exception'] } {
  return discrepancies.length === 0 ? {} : { exception: { code, discrepancies: [...discrepancies] } };
}

/**
 * The document of ours that a fact is about, as evidence of it: its control number is the `reference` that the effect which sent it keeps.
 * Nothing when the partner does not name it.
 */
export function sentDocument(standard: 'x12' | 'edifact', control: string): Pick<FactData, 'evidence'> {
  if (control === '') return {};
  const description = `our interchange ${control}: the reference of the effect that sent it`;
  return { evidence: [{ kind: 'document', uri: documentUri(standard, control), description }] };
}

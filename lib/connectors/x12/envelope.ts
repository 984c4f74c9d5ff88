/**
 * The envelopes of X12: ISA/IEA, GS/GE, ST/SE (X12.5, X12.6). Read lazily, one transaction set at a time. Control numbers and counts are
 * checked here; a fault belongs to the smallest envelope that it can belong to, and reading goes on behind it.
 */
import {
  keepSegment,
  type OpenDocument,
  readInterchanges,
  type Stray,
  type Syntax,
  shown,
} from '../kit/edi/envelope';
import type { Fault } from '../kit/edi/normalizer';
import { Segment, SegmentScanner, type Separators } from '../kit/edi/segments';
import { groupFault, setFault } from './envelope-faults';

export interface X12Interchange {
  /** ISA01 to ISA16, trimmed; index 0 is the tag. */
  isa: readonly string[];
  separators: Separators;
  control: string;
  at: string;
}

export interface X12Group {
  interchange: X12Interchange;
  gs: readonly string[];
  /** GS01, e.g. QM for a 214. */
  functionalId: string;
  control: string;
  /** GS08, e.g. 004010 or 004010VICS. */
  version: string;
  /** Transaction sets so far. */
  count: number;
  at: string;
}

export interface X12Set {
  group: X12Group;
  /** ST01, e.g. 214. */
  type: string;
  control: string;
  /** ST to the last one before SE. */
  segments: readonly Segment[];
  fault: Fault | undefined;
  at: string;
}

export type X12Part =
  | { kind: 'interchange'; interchange: X12Interchange }
  | { kind: 'group'; group: X12Group }
  | { kind: 'set'; set: X12Set }
  | { kind: 'ta1'; segment: Segment; interchange: X12Interchange }
  | { kind: 'group-end'; group: X12Group; fault: Fault | undefined }
  | { kind: 'interchange-end'; interchange: X12Interchange; fault: Fault | undefined }
  | Stray;

/** Every part of every interchange in the text, in order. */
export const readX12 = (text: string): Generator<X12Part, void, undefined> => readInterchanges(text, syntax);

const syntax: Syntax<X12Part> = {
  find: (text, from) => text.indexOf('ISA', from),
  open(text, begin) {
    const separators = separatorsOf(text, begin);
    return separators && new InterchangeReader(text, begin, separators).parts();
  },
  outside: { code: 'NOT_X12', message: 'text outside of any ISA/IEA envelope' },
  unreadable: { code: 'ISA_INVALID', message: 'an ISA that does not declare its separators' },
};

/**
 * The separators an ISA declares by its shape: the element separator stands behind the tag, the component separator is ISA16, the terminator follows it.
 * Counted in elements, not in columns, for senders pad badly.
 */
export function separatorsOf(text: string, begin: number): Separators | undefined {
  const element = text[begin + 3] ?? '';
  if (/[A-Za-z0-9 ]/.test(element)) return undefined;
  let at = begin + 3;
  for (let count = 1; count < 16; count++) {
    at = text.indexOf(element, at + 1);
    if (at < 0 || at - begin > 300) return undefined;
  }
  const component = text[at + 1] ?? '';
  const terminator = text[at + 2] ?? '';
  if (/[A-Za-z0-9 ]/.test(element + component + terminator)) return undefined;
  if (new Set([element, component, terminator]).size !== 3 || terminator === '') return undefined;
  const isa = text.slice(begin, at).split(element);
  // ISA11 was the standards identifier U until 004020 and is the repetition separator since.
  const repetition = isa[11]?.trim() ?? '';
  const own = repetition.length === 1 && !/[A-Za-z0-9]/.test(repetition) && repetition !== component;
  return { element, component, terminator, ...(own ? { repetition } : {}) };
}

const envelopeTags = new Set(['GS', 'GE', 'ST', 'SE', 'IEA']);

/** Code 5 of element 718: one or more segments in error. */
const segmentAcks = { invalid: '5', tooMany: '5' };

export interface OpenSet extends OpenDocument {
  header: Segment;
}

class InterchangeReader {
  private readonly scanner: SegmentScanner;
  private readonly interchange: X12Interchange;
  private group: X12Group | undefined;
  private open: OpenSet | undefined;
  private groups = 0;
  private stray: Fault | undefined;

  constructor(
    text: string,
    begin: number,
    private readonly separators: Separators,
  ) {
    this.scanner = new SegmentScanner(text, begin, separators);
    const isa = (this.scanner.next() ?? '').split(separators.element).map((element) => element.trim());
    const control = isa[13] ?? '';
    this.interchange = { isa, separators, control, at: `ISA ${control}` };
  }

  /** Answers where the text goes on behind the interchange. */
  *parts(): Generator<X12Part, number, undefined> {
    yield { kind: 'interchange', interchange: this.interchange };
    for (;;) {
      const raw = this.scanner.next();
      if (raw === undefined || raw.startsWith(`ISA${this.separators.element}`)) {
        yield* this.closeSet(undefined);
        yield* this.closeGroup(undefined);
        yield this.end(this.fault('IEA_MISSING', 'the interchange ends without its IEA', '023', 'IEA'));
        return raw === undefined ? this.scanner.at : this.scanner.start;
      }
      const segment = new Segment(raw, (this.open?.segments.length ?? 0) + 1, this.separators);
      if (this.open !== undefined && !envelopeTags.has(segment.tag)) {
        keepSegment(segment, this.open, segmentAcks);
        continue;
      }
      if (segment.tag === 'IEA') {
        yield* this.closeSet(undefined);
        yield* this.closeGroup(undefined);
        yield this.end(this.trailerFault(segment));
        return this.scanner.at;
      }
      yield* this.take(segment);
    }
  }

  private *take(segment: Segment): Generator<X12Part, void, undefined> {
    if (segment.tag === 'GS') {
      yield* this.closeSet(undefined);
      yield* this.closeGroup(undefined);
      this.group = this.groupOf(segment);
      yield { kind: 'group', group: this.group };
    } else if (segment.tag === 'GE') {
      yield* this.closeSet(undefined);
      yield* this.closeGroup(segment);
    } else if (segment.tag === 'ST') {
      yield* this.closeSet(undefined);
      this.openSet(segment);
    } else if (segment.tag === 'SE') yield* this.closeSet(segment);
    else if (segment.tag === 'TA1' && this.group === undefined)
      yield { kind: 'ta1', segment, interchange: this.interchange };
    else
      this.stray ??= this.fault(
        'SEGMENT_OUTSIDE',
        `a segment ${shown(segment.tag)} outside of any transaction set`,
        '022',
        shown(segment.tag),
      );
  }

  private groupOf(segment: Segment): X12Group {
    this.groups++;
    const gs = Array.from({ length: 9 }, (_, n) => (n === 0 ? 'GS' : segment.element(n).trim()));
    const [, functionalId = '', , , , , control = '', , version = ''] = gs;
    const { interchange } = this;
    return {
      interchange,
      gs,
      functionalId,
      control,
      version,
      count: 0,
      at: `${interchange.at}/GS ${control}`,
    };
  }

  private openSet(header: Segment): void {
    const control = header.element(2).trim();
    const at = `${this.group?.at ?? this.interchange.at}/ST ${control}`;
    const first = new Segment(header.raw, 1, this.separators);
    this.open = { header: first, segments: [first], fault: undefined, at };
    if (this.group === undefined)
      this.stray ??= {
        code: 'ST_OUTSIDE',
        message: 'a transaction set outside of any group',
        at,
        ack: '022',
      };
    else this.group.count++;
  }

  /** Ends the open set with its SE, or without one. An SE without an ST is a stray segment. */
  private *closeSet(trailer: Segment | undefined): Generator<X12Part, void, undefined> {
    const { open, group } = this;
    this.open = undefined;
    if (open === undefined) {
      if (trailer !== undefined)
        this.stray ??= this.fault('SEGMENT_OUTSIDE', 'an SE without its ST', '022', 'SE');
      return;
    }
    if (group === undefined) return;
    const fault = open.fault ?? setFault(open, trailer);
    yield {
      kind: 'set',
      set: {
        group,
        type: open.header.element(1).trim(),
        control: open.header.element(2).trim(),
        segments: open.segments,
        fault,
        at: open.at,
      },
    };
  }

  private *closeGroup(trailer: Segment | undefined): Generator<X12Part, void, undefined> {
    const { group } = this;
    this.group = undefined;
    if (group === undefined) {
      if (trailer !== undefined)
        this.stray ??= this.fault('SEGMENT_OUTSIDE', 'a GE without its GS', '022', 'GE');
      return;
    }
    yield { kind: 'group-end', group, fault: groupFault(group, trailer) };
  }

  private trailerFault(trailer: Segment): Fault | undefined {
    const count = trailer.element(1).trim();
    const control = trailer.element(2).trim();
    if (control !== this.interchange.control)
      return this.fault(
        'CONTROL_NUMBER_MISMATCH',
        `IEA02 is ${shown(control)}, ISA13 is ${shown(this.interchange.control)}`,
        '001',
        'IEA',
      );
    if (Number(count) !== this.groups)
      return this.fault(
        'CONTROL_COUNT_MISMATCH',
        `IEA01 says ${shown(count)} groups, there are ${this.groups}`,
        '021',
        'IEA',
      );
    return this.stray;
  }

  private end(fault: Fault | undefined): X12Part {
    return { kind: 'interchange-end', interchange: this.interchange, fault: this.stray ?? fault };
  }

  private fault(code: string, message: string, ack: string, tag: string): Fault {
    return { code, message, ack, at: `${this.group?.at ?? this.interchange.at}/${tag}` };
  }
}

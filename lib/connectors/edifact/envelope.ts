/**
 * The envelopes of EDIFACT: UNB/UNZ, UNG/UNE, UNH/UNT (ISO 9735). Read lazily, one message at a time; references and counts are checked, a
 * fault belongs to the smallest envelope that it can belong to, and reading goes on behind it.
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
import { Segment, SegmentScanner, type Separators, skipBlank } from '../kit/edi/segments';
import { groupFault, messageFault, syntaxErrors } from './envelope-faults';

export interface Interchange {
  unb: Segment;
  separators: Separators;
  /** 0020 */
  control: string;
  at: string;
}

export interface Group {
  interchange: Interchange;
  ung: Segment;
  control: string;
  count: number;
  at: string;
}

export interface Message {
  interchange: Interchange;
  group: Group | undefined;
  unh: Segment;
  /** 0065, e.g. IFTSTA. */
  type: string;
  /** 0052 and 0054, e.g. D and 96A. */
  version: string;
  release: string;
  /** 0062 */
  control: string;
  /** UNH to the last one before UNT. */
  segments: readonly Segment[];
  fault: Fault | undefined;
  at: string;
}

export type Part =
  | { kind: 'interchange'; interchange: Interchange }
  | { kind: 'group'; group: Group }
  | { kind: 'message'; message: Message }
  | { kind: 'group-end'; group: Group; fault: Fault | undefined }
  | { kind: 'interchange-end'; interchange: Interchange; fault: Fault | undefined }
  | Stray;

/** Without a UNA: level A and B characters of ISO 9735; the repetition separator exists since syntax version 4. */
const standard: Separators = { component: ':', element: '+', release: '?', terminator: "'" };

/** Every part of every interchange in the text, in order. */
export const readEdifact = (text: string): Generator<Part, void, undefined> => readInterchanges(text, syntax);

const syntax: Syntax<Part> = {
  find: beginOf,
  open(text, begin) {
    const header = headerOf(text, begin);
    return header && new InterchangeReader(text, header.at, header.separators).parts();
  },
  outside: { code: 'NOT_EDIFACT', message: 'text outside of any UNB/UNZ envelope' },
  unreadable: { code: 'UNB_INVALID', message: 'an interchange whose separators or UNB cannot be read' },
};

/** One search for both tags: two would each run to the end of the text, again and again. */
function beginOf(text: string, from: number): number {
  const tags = /UN[AB]/g;
  tags.lastIndex = from;
  return tags.exec(text)?.index ?? -1;
}

/** The separators, by UNA or the standard, and where the UNB stands. */
export function headerOf(text: string, begin: number): { at: number; separators: Separators } | undefined {
  const own = text.startsWith('UNA', begin);
  const at = own ? skipBlank(text, begin + 9) : begin;
  const separators = own ? declared(text.slice(begin + 3, begin + 9)) : standard;
  if (separators === undefined || !text.startsWith(`UNB${separators.element}`, at)) return undefined;
  // `UNB+UNOC:4`: the syntax version stands behind the identifier of four letters.
  const version = text[at + 9];
  return {
    at,
    separators:
      version === '4' && separators.repetition === undefined && !own
        ? { ...separators, repetition: '*' }
        : separators,
  };
}

/** UNA: component, element, decimal mark, release, repetition (a space before syntax 4), terminator. */
function declared(signs: string): Separators | undefined {
  const [component = '', element = '', , release = ' ', repetition = ' ', terminator = ''] = signs;
  if (/[A-Za-z0-9]/.test(component + element + terminator) || terminator === '') return undefined;
  if (new Set([component, element, terminator]).size !== 3) return undefined;
  return {
    component,
    element,
    terminator,
    ...(release === ' ' ? {} : { release }),
    ...(repetition === ' ' || /[A-Za-z0-9]/.test(repetition) ? {} : { repetition }),
  };
}

const envelopeTags = new Set(['UNB', 'UNZ', 'UNG', 'UNE', 'UNH', 'UNT']);

/** 35 of data element 0085: too many repetitions. */
const segmentAcks = { invalid: syntaxErrors.invalid, tooMany: '35' };

export interface OpenMessage extends OpenDocument {
  unh: Segment;
}

class InterchangeReader {
  private readonly scanner: SegmentScanner;
  private readonly interchange: Interchange;
  private group: Group | undefined;
  private open: OpenMessage | undefined;
  private groups = 0;
  private messages = 0;
  private stray: Fault | undefined;

  constructor(
    text: string,
    begin: number,
    private readonly separators: Separators,
  ) {
    this.scanner = new SegmentScanner(text, begin, separators);
    const unb = new Segment(this.scanner.next() ?? '', 1, separators);
    const control = unb.component(5).trim();
    this.interchange = { unb, separators, control, at: `UNB ${control}` };
  }

  /** Answers where the text goes on behind the interchange. */
  *parts(): Generator<Part, number, undefined> {
    yield { kind: 'interchange', interchange: this.interchange };
    for (;;) {
      const raw = this.scanner.next();
      const another =
        raw !== undefined && (raw.startsWith('UNA') || raw.startsWith(`UNB${this.separators.element}`));
      if (raw === undefined || another) {
        yield* this.closeAll();
        yield this.end(
          this.fault('UNZ_MISSING', 'the interchange ends without its UNZ', syntaxErrors.missing, 'UNZ'),
        );
        return raw === undefined ? this.scanner.at : this.scanner.start;
      }
      const segment = new Segment(raw, (this.open?.segments.length ?? 0) + 1, this.separators);
      if (this.open !== undefined && !envelopeTags.has(segment.tag)) {
        keepSegment(segment, this.open, segmentAcks);
        continue;
      }
      if (segment.tag === 'UNZ') {
        yield* this.closeAll();
        yield this.end(this.trailerFault(segment));
        return this.scanner.at;
      }
      yield* this.take(segment);
    }
  }

  private *closeAll(): Generator<Part, void, undefined> {
    yield* this.closeMessage(undefined);
    yield* this.closeGroup(undefined);
  }

  private *take(segment: Segment): Generator<Part, void, undefined> {
    if (segment.tag === 'UNH') {
      yield* this.closeMessage(undefined);
      this.openMessage(segment);
    } else if (segment.tag === 'UNT') yield* this.closeMessage(segment);
    else if (segment.tag === 'UNG') {
      yield* this.closeAll();
      this.group = this.groupOf(segment);
      yield { kind: 'group', group: this.group };
    } else if (segment.tag === 'UNE') {
      yield* this.closeMessage(undefined);
      yield* this.closeGroup(segment);
    } else
      this.stray ??= this.fault(
        'SEGMENT_OUTSIDE',
        `a segment ${shown(segment.tag)} outside of any message`,
        syntaxErrors.outside,
        shown(segment.tag),
      );
  }

  private groupOf(ung: Segment): Group {
    this.groups++;
    const control = ung.component(5).trim();
    return {
      interchange: this.interchange,
      ung,
      control,
      count: 0,
      at: `${this.interchange.at}/UNG ${control}`,
    };
  }

  private openMessage(segment: Segment): void {
    this.messages++;
    if (this.group !== undefined) this.group.count++;
    const unh = new Segment(segment.raw, 1, this.separators);
    const at = `${this.group?.at ?? this.interchange.at}/UNH ${unh.component(1).trim()}`;
    this.open = { unh, segments: [unh], fault: undefined, at };
  }

  private *closeMessage(trailer: Segment | undefined): Generator<Part, void, undefined> {
    const { open, group, interchange } = this;
    this.open = undefined;
    if (open === undefined) {
      if (trailer !== undefined)
        this.stray ??= this.fault('SEGMENT_OUTSIDE', 'a UNT without its UNH', syntaxErrors.outside, 'UNT');
      return;
    }
    const { unh, segments, at } = open;
    const [type = '', version = '', release = ''] = [1, 2, 3].map((n) => unh.component(2, n).trim());
    const control = unh.component(1).trim();
    const fault = open.fault ?? messageFault(open, trailer);
    yield {
      kind: 'message',
      message: { interchange, group, unh, type, version, release, control, segments, fault, at },
    };
  }

  private *closeGroup(trailer: Segment | undefined): Generator<Part, void, undefined> {
    const { group } = this;
    this.group = undefined;
    if (group !== undefined) yield { kind: 'group-end', group, fault: groupFault(group, trailer) };
    else if (trailer !== undefined)
      this.stray ??= this.fault('SEGMENT_OUTSIDE', 'a UNE without its UNG', syntaxErrors.outside, 'UNE');
  }

  /** UNZ counts the groups where there are any, else the messages. */
  private trailerFault(trailer: Segment): Fault | undefined {
    const control = trailer.component(2).trim();
    if (control !== this.interchange.control)
      return this.fault(
        'CONTROL_NUMBER_MISMATCH',
        `UNZ says ${shown(control)}, UNB says ${shown(this.interchange.control)}`,
        syntaxErrors.reference,
        'UNZ',
      );
    const there = this.groups > 0 ? this.groups : this.messages;
    const count = trailer.component(1).trim();
    if (count === '' || Number(count) !== there)
      return this.fault(
        'CONTROL_COUNT_MISMATCH',
        `UNZ says ${shown(count)}, there are ${there}`,
        syntaxErrors.count,
        'UNZ',
      );
    return undefined;
  }

  private end(fault: Fault | undefined): Part {
    return { kind: 'interchange-end', interchange: this.interchange, fault: this.stray ?? fault };
  }

  private fault(code: string, message: string, ack: string, tag: string): Fault {
    return { code, message, ack, at: `${this.group?.at ?? this.interchange.at}/${tag}` };
  }
}

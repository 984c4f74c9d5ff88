/** What the envelopes of X12 and EDIFACT have in common: interchanges behind one another in a text, and documents made of segments. */
import type { Fault } from './normalizer';
import { isTag, maxSegments, type Segment, skipBlank } from './segments';

/** Text that belongs to no interchange, or one whose header cannot be read. */
export interface Stray {
  kind: 'stray';
  code: string;
  message: string;
  at: string;
}

export interface Syntax<Part> {
  /** Where the next interchange begins; -1 when there is none. */
  find(text: string, from: number): number;
  /** Its parts, and then where the text goes on; undefined when its header cannot be read. */
  open(text: string, begin: number): Generator<Part, number, undefined> | undefined;
  outside: Pick<Stray, 'code' | 'message'>;
  unreadable: Pick<Stray, 'code' | 'message'>;
}

/** Every part of every interchange in the text, in order. */
export function* readInterchanges<Part>(
  text: string,
  { find, open, outside, unreadable }: Syntax<Part>,
): Generator<Part | Stray, void, undefined> {
  let at = 0;
  for (;;) {
    at = skipBlank(text, at);
    if (at >= text.length) return;
    const begin = find(text, at);
    if (begin !== at) yield { kind: 'stray', ...outside, at: `offset ${at}` };
    if (begin < 0) return;
    const parts = open(text, begin);
    if (parts !== undefined) at = yield* parts;
    else {
      yield { kind: 'stray', ...unreadable, at: `offset ${begin}` };
      at = begin + 3;
    }
  }
}

/** A transaction set or message that is being read. */
export interface OpenDocument {
  segments: Segment[];
  fault: Fault | undefined;
  at: string;
}

/** Adds a segment within the bounds; the first thing that is wrong is the document's fault. `acks` are the standard's codes for it. */
export function keepSegment(
  segment: Segment,
  open: OpenDocument,
  acks: { invalid: string; tooMany: string },
): void {
  if (!isTag(segment.tag))
    open.fault ??= {
      code: 'SEGMENT_INVALID',
      message: 'what stands there is no segment',
      at: `${open.at}/seg ${segment.position} ${shown(segment.tag)}`,
      ack: acks.invalid,
    };
  if (open.segments.length < maxSegments) open.segments.push(segment);
  else
    open.fault ??= {
      code: 'TOO_MANY_SEGMENTS',
      message: `more than ${maxSegments} segments`,
      at: open.at,
      ack: acks.tooMany,
    };
}

/** A value for a message: short, so that no payload leaks into a log. */
export const shown = (value: string): string => value.trim().slice(0, 20);

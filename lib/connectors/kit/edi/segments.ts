/**
 * Segments of an EDI interchange (ANSI X12.6, ISO 9735): cut out of the text one by one and split only when somebody asks, so that a
 * large interchange costs no more memory than the transaction that is being read.
 */

/** Service characters, as the interchange itself declares them. */
export interface Separators {
  element: string;
  component: string;
  terminator: string;
  repetition?: string;
  /** Takes its meaning from the character behind it (EDIFACT); X12 has none. */
  release?: string;
}

export class Segment {
  readonly tag: string;
  private elements: readonly string[] | undefined;

  constructor(
    readonly raw: string,
    /** Within its transaction set or message, whose header is 1. */
    readonly position: number,
    private readonly separators: Separators,
  ) {
    this.tag = tagOf(raw, separators);
  }

  /** Element `n`, counted from 1, with its components as they stand; empty when absent. */
  element(n: number): string {
    this.elements ??= splitOn(this.raw, this.separators.element, this.separators.release);
    return this.elements[n] ?? '';
  }

  /** Component `k` of element `n`, both counted from 1, without release characters; the first repetition. */
  component(n: number, k = 1): string {
    const { component, release, repetition } = this.separators;
    const whole = this.element(n);
    if (whole === '') return '';
    const first = repetition === undefined ? whole : (splitOn(whole, repetition, release)[0] ?? '');
    const part = first.includes(component)
      ? (splitOn(first, component, release)[k - 1] ?? '')
      : k === 1
        ? first
        : '';
    return release === undefined ? part : withoutRelease(part, release);
  }

  /** How many elements stand behind the tag. */
  get size(): number {
    this.element(1);
    return (this.elements?.length ?? 1) - 1;
  }
}

function tagOf(raw: string, { element, component }: Separators): string {
  for (let at = 1; at < 4; at++) if (raw[at] === element || raw[at] === component) return raw.slice(0, at);
  return raw.length <= 3 ? raw : raw.slice(0, 3);
}

/** A tag is two or three capitals or digits, the first a capital; anything else is no segment. */
export const isTag = (tag: string): boolean => /^[A-Z][A-Z0-9]{1,2}$/.test(tag);

function splitOn(text: string, separator: string, release: string | undefined): readonly string[] {
  if (release === undefined || !text.includes(release)) return text.split(separator);
  const parts: string[] = [];
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === release) at++;
    else if (text[at] === separator) {
      parts.push(text.slice(from, at));
      from = at + 1;
    }
  }
  parts.push(text.slice(from));
  return parts;
}

function withoutRelease(text: string, release: string): string {
  if (!text.includes(release)) return text;
  let clean = '';
  for (let at = 0; at < text.length; at++) {
    if (text[at] === release) at++;
    clean += text[at] ?? '';
  }
  return clean;
}

/** Walks over a text segment by segment; white space and line breaks between segments are skipped. */
export class SegmentScanner {
  /** Where the last segment began. */
  start = 0;

  constructor(
    private readonly text: string,
    /** Where the next one is looked for. */
    public at: number,
    private readonly separators: Separators,
  ) {}

  /** The next segment's text without its terminator; undefined at the end. The last one may have none. */
  next(): string | undefined {
    const { text } = this;
    this.start = skipBlank(text, this.at);
    if (this.start >= text.length) return undefined;
    const end = this.endFrom(this.start);
    this.at = end + 1;
    let last = end;
    while (last > this.start && text.charCodeAt(last - 1) <= 0x20) last--;
    return text.slice(this.start, last);
  }

  private endFrom(from: number): number {
    const { terminator, release } = this.separators;
    let end = this.text.indexOf(terminator, from);
    while (end > from && release !== undefined && isReleased(this.text, from, end, release))
      end = this.text.indexOf(terminator, end + 1);
    return end < 0 ? this.text.length : end;
  }
}

/** An odd number of release characters in front: `?'` is text, `??'` is an end. */
function isReleased(text: string, from: number, at: number, release: string): boolean {
  let count = 0;
  while (at - 1 - count >= from && text[at - 1 - count] === release) count++;
  return count % 2 === 1;
}

/** White space, line breaks, byte order marks. */
export function skipBlank(text: string, from: number): number {
  let at = from;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code > 0x20 && code !== 0xfeff) break;
    at++;
  }
  return at;
}

/** What a mapping meets in a segment and cannot read; it ends this transaction set or message, and nothing else. */
export class SegmentFault extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly segment: { tag: string; position: number },
    /** Element, counted from 1. */
    readonly element?: number,
  ) {
    super(message);
    this.name = 'SegmentFault';
  }
}

/** What the mapping answers, or what it met. Other errors go on. */
export function unlessFault<T>(map: () => T): T | SegmentFault {
  try {
    return map();
  } catch (error) {
    if (error instanceof SegmentFault) return error;
    throw error;
  }
}

/** Most segments of one transaction set or message: more is an attack or a mistake, and would not fit into memory either. */
export const maxSegments = 250_000;

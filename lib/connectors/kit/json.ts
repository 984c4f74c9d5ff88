/** Bytes to JSON without a throw: what cannot be parsed becomes one `rejected` report. */
import { factData, isSoundFactData } from '../../model/fact';
import type { InboundRequest, NormalizeReport, NormalizeResult, Parsed } from './connector';

/** Deeper payloads are refused: no vendor nests like that, and recursion over them would end the stack. */
export const maxDepth = 64;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Parses UTF-8 JSON; a byte order mark is skipped. */
export function parseJson(body: Uint8Array): Parsed {
  if (body.length === 0) return refused('EMPTY_BODY', 'the body is empty');
  if (isDeeperThan(body, maxDepth))
    return refused('TOO_DEEP', `the JSON is nested deeper than ${maxDepth} levels`);
  try {
    return { ok: true, value: JSON.parse(utf8.decode(body)) };
  } catch (error) {
    return refused(
      'NOT_JSON',
      `the body is not JSON: ${error instanceof Error ? error.message.slice(0, 200) : 'unreadable'}`,
    );
  }
}

/** The body as JSON, parsed once for `identify` and `normalize` of a delivery. */
export function readJson({ body, reading }: InboundRequest): Parsed {
  if (reading === undefined) return parseJson(body);
  reading.json ??= parseJson(body);
  return reading.json;
}

/** A single-report result for a payload that cannot be read at all. */
export function rejected(code: string, message: string, at?: string): NormalizeResult {
  return { facts: [], reports: [reject(code, message, at)] };
}

export function reject(code: string, message: string, at?: string): NormalizeReport {
  return { kind: 'rejected', code, message, ...(at === undefined ? {} : { at }) };
}

export function notAFact(code: string, message: string, at?: string): NormalizeReport {
  return { kind: 'not-a-fact', code, message, ...(at === undefined ? {} : { at }) };
}

/**
 * Makes a mapping total: a fault of ours on an odd payload becomes a `rejected` report that keeps the payload for repair,
 * and a payload that gave neither fact nor report is reported too, so that none is lost in silence.
 */
export function totally(normalize: () => NormalizeResult): NormalizeResult {
  try {
    const result = normalize();
    if (result.facts.length + result.reports.length > 0) return result;
    return rejected('NOTHING_RECOGNISED', 'nothing in the payload was recognised');
  } catch (error) {
    const message = error instanceof Error ? error.message.slice(0, 500) : 'unknown fault';
    return rejected('MAPPING_FAULT', `the mapping failed on this payload: ${message}`);
  }
}

/**
 * `totally`, and every draft is checked against the fact's schema: one that does not fit (an identifier too long or empty) is
 * reported instead. A mapping without it bounds its values itself.
 */
export function soundly(normalize: () => NormalizeResult): NormalizeResult {
  return totally(() => {
    const { facts, reports } = normalize();
    if (facts.every(({ data }) => isSoundFactData(data))) return { facts, reports };
    const checked = facts.map((draft) => ({ draft, fault: factData.safeParse(draft.data).error?.issues[0] }));
    const unfit = checked.flatMap(({ fault }) =>
      fault === undefined ? [] : [reject('FACT_INVALID', `${fault.path.join('/')}: ${fault.message}`)],
    );
    const sound = checked.flatMap(({ draft, fault }) => (fault === undefined ? [draft] : []));
    return { facts: sound, reports: [...reports, ...unfit] };
  });
}

function refused(code: string, message: string): Parsed {
  return { ok: false, report: reject(code, message) };
}

const quote = 0x22;
const backslash = 0x5c;

/** Runs over the bytes before anything else does, so that a hostile depth never reaches a recursion. */
function isDeeperThan(body: Uint8Array, limit: number): boolean {
  return hasMoreBrackets(body, limit) && nestsDeeperThan(body, limit);
}

/** Few payloads open as many brackets as may be nested: looking for them costs less than following them. */
function hasMoreBrackets(body: Uint8Array, limit: number): boolean {
  let opened = 0;
  for (const bracket of [0x7b, 0x5b]) {
    for (let at = body.indexOf(bracket); at >= 0; at = body.indexOf(bracket, at + 1))
      if (++opened > limit) return true;
  }
  return false;
}

/** Counts brackets outside of strings. */
function nestsDeeperThan(body: Uint8Array, limit: number): boolean {
  let depth = 0;
  for (let at = 0; at < body.length; at++) {
    const byte = body[at];
    if (byte === quote) at = endOfString(body, at);
    else if (byte === 0x7b || byte === 0x5b) {
      if (++depth > limit) return true;
    } else if (byte === 0x7d || byte === 0x5d) depth--;
  }
  return false;
}

function endOfString(body: Uint8Array, start: number): number {
  let at = start + 1;
  while (at < body.length && body[at] !== quote) at += body[at] === backslash ? 2 : 1;
  return at;
}

/** Writing EDIFACT interchanges (ISO 9735 syntax 3): counts and references are computed here, never typed. */
import { sha256Hex } from '../../model/keys';
import type { Separators } from '../kit/edi/segments';

/** UNA, which says the separators in any case. */
export function serviceAdvice({
  component,
  element,
  release = ' ',
  repetition = ' ',
  terminator,
}: Separators): string {
  return `UNA${component}${element}.${release}${repetition}${terminator}`;
}

export function escaped(
  text: string,
  { component, element, terminator, release, repetition }: Separators,
): string {
  if (release === undefined) return text;
  const signs = [component, element, terminator, release, ...(repetition === undefined ? [] : [repetition])];
  return [...text].map((sign) => (signs.includes(sign) ? release + sign : sign)).join('');
}

/** Fourteen signs of level A from a key: the same key gives the same reference, so that a second send is recognised as the first. */
export function controlReferenceOf(key: string): string {
  return BigInt(`0x${sha256Hex(key).slice(0, 20)}`)
    .toString(36)
    .toUpperCase()
    .padStart(14, '0')
    .slice(-14);
}

/** A segment: its tag, then elements, each a text or a list of components. */
export type Written = readonly (string | readonly string[])[];

export interface Outline {
  sender: readonly string[];
  receiver: readonly string[];
  /** Fourteen signs. */
  control: string;
  /** Epoch milliseconds; date and time of preparation are written in UTC. */
  now: number;
  test: boolean;
  /** Message identifier, e.g. ORDRSP, D, 96A, UN. */
  message: readonly string[];
  body: readonly Written[];
}

const separators: Separators = { component: ':', element: '+', release: '?', terminator: "'" };

/** One interchange with one message, in ISO 8859-1 (UNOC). */
export function buildInterchange({ sender, receiver, control, now, test, message, body }: Outline): string {
  const stamp = new Date(now).toISOString();
  const prepared = [stamp.slice(2, 10).replaceAll('-', ''), stamp.slice(11, 16).replace(':', '')];
  const segments: Written[] = [
    ['UNB', ['UNOC', '3'], sender, receiver, prepared, control, ...(test ? ['', '', '', '', '', '1'] : [])],
    ['UNH', '1', message],
    ...body,
    ['UNT', String(body.length + 2), '1'],
    ['UNZ', '1', control],
  ];
  return serviceAdvice(separators) + segments.map((segment) => `${line(segment)}'`).join('');
}

/** Empty elements and components at the end are left out, as ISO 9735 asks. */
function line(segment: Written): string {
  const elements = segment.map((element) => {
    const parts = (typeof element === 'string' ? [element] : element).map((part) =>
      escaped(clean(part), separators),
    );
    while (parts.length > 1 && parts.at(-1) === '') parts.pop();
    return parts.join(':');
  });
  while (elements.length > 1 && elements.at(-1) === '') elements.pop();
  return elements.join('+');
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not get in
const blanks = /[\u0000-\u0020\u007f-\u009f]+/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the range of ISO 8859-1 begins with them
const unwritable = /[^\u0000-\u00ff]/gu;

/** Control characters would break lines, and what ISO 8859-1 has no sign for cannot be written. */
const clean = (text: string): string => text.replace(blanks, ' ').replace(unwritable, '.').trim();

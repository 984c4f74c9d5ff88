/** Writing X12 interchanges: envelopes, counts and control numbers are computed here, never typed. */
import type { Separators } from '../kit/edi/segments';

export interface Party {
  qualifier: string;
  id: string;
}

export interface Envelope {
  separators: Separators;
  sender: Party;
  receiver: Party;
  groupSender: string;
  groupReceiver: string;
  /** ISA12, e.g. 00401. */
  interchangeVersion: string;
  /** GS08, e.g. 004010. */
  version: string;
  /** Nine digits: ISA13, and GS06 without leading zeros. */
  control: string;
  usage: 'P' | 'T';
  /** Epoch milliseconds: date and time of preparation, written in UTC. */
  now: number;
  /** GS01. */
  functionalId: string;
  sets: readonly { type: string; body: readonly (readonly string[])[] }[];
  ta1?: readonly string[];
}

export const ownSeparators: Separators = { element: '*', component: '>', terminator: '~' };

const dayMs = 86_400_000;

/**
 * Nine digits for a document of ours: the day on which it was intended (899 of them, then they begin anew) and the effect's number of that day, so
 * a second send carries the first one's number and no two documents share one, also after a ledger that was begun anew. Up to 899999999; what
 * is above is for acknowledgements.
 */
export function controlNumberOf({ sequence, at }: { sequence: number; at: number }): string {
  const day = (Math.floor(at / dayMs) % 899) + 1;
  return String(day * 1_000_000 + (sequence % 1_000_000)).padStart(9, '0');
}

/** Nine digits for the acknowledgement of an interchange: its own number below 900000000, which its sender does not use twice. */
export function acknowledgementNumberOf(control: string): string {
  const digits = control.replace(/\D/g, '').slice(-8);
  return `9${digits.padStart(8, '0')}`;
}

/** The whole interchange as text. Elements are cleaned of separators: X12 has no way to escape one. */
export function buildInterchange(envelope: Envelope): string {
  const { separators, control, sets, ta1 } = envelope;
  const at = stampOf(envelope.now);
  const group = sets.length === 0 ? [] : groupSegments(envelope, at);
  const segments = [
    ...(ta1 === undefined ? [] : [ta1]),
    ...group,
    ['IEA', sets.length === 0 ? '0' : '1', control],
  ];
  const rest = segments.map((segment) => written(segment, separators)).join('');
  return isaOf(envelope, at) + rest;
}

/** YYMMDD and HHMM of an instant, in UTC. */
interface Stamp {
  date: string;
  time: string;
}

function stampOf(ms: number): Stamp {
  const iso = new Date(ms).toISOString();
  return { date: iso.slice(2, 10).replaceAll('-', ''), time: iso.slice(11, 16).replace(':', '') };
}

function groupSegments(envelope: Envelope, at: Stamp): (readonly string[])[] {
  const control = String(Number(envelope.control));
  const sets = envelope.sets.flatMap(({ type, body }, index) => {
    const number = String(index + 1).padStart(4, '0');
    return [['ST', type, number], ...body, ['SE', String(body.length + 2), number]];
  });
  return [
    [
      'GS',
      envelope.functionalId,
      envelope.groupSender,
      envelope.groupReceiver,
      `20${at.date}`,
      at.time,
      control,
      'X',
      envelope.version,
    ],
    ...sets,
    ['GE', String(envelope.sets.length), control],
  ];
}

/** ISA has columns: every element is padded to its width. */
function isaOf(
  { separators, sender, receiver, interchangeVersion, control, usage }: Envelope,
  at: Stamp,
): string {
  const { element, component, terminator, repetition } = separators;
  const cell = (text: string, width: number) => clean(text, separators).slice(0, width).padEnd(width);
  const cells = [
    'ISA',
    '00',
    cell('', 10),
    '00',
    cell('', 10),
    cell(sender.qualifier, 2),
    cell(sender.id, 15),
    cell(receiver.qualifier, 2),
    cell(receiver.id, 15),
    at.date,
    at.time,
    repetition ?? 'U',
    cell(interchangeVersion, 5),
    control,
    '0',
    usage,
    component,
  ];
  return cells.join(element) + terminator;
}

/** Empty elements at the end are left out, as X12.6 asks. */
function written(segment: readonly string[], separators: Separators): string {
  const cells = segment.map((cell) => clean(cell, separators));
  while (cells.length > 1 && cells.at(-1) === '') cells.pop();
  return cells.join(separators.element) + separators.terminator;
}

function clean(text: string, { element, component, terminator, repetition }: Separators): string {
  if (/^[A-Za-z0-9]*$/.test(text)) return text;
  let safe = text;
  for (const sign of [element, component, terminator, repetition])
    if (sign !== undefined) safe = safe.replaceAll(sign, ' ');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not get in
  return safe.replace(/[\u0000-\u0020\u007f]+/g, ' ').trim();
}

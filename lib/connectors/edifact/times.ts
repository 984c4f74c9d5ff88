/**
 * DTM (C507): a value and its format (data element 2379, https://service.unece.org/trade/untdid/d01b/tred/tred2379.htm). 205 has an offset; of the
 * formats with a zone only UTC and GMT are certain, the rest is the partner's zone or assumed.
 */
import { compactTime, type EventTime, isoTime, type Whereabouts } from '../kit/time';

/** Where the parts of a value stand: date of six or eight digits, time of none, four or six. */
const formats: ReadonlyMap<string, readonly [date: 6 | 8, time: 0 | 4 | 6, zone: boolean]> = new Map([
  ['101', [6, 0, false]],
  ['102', [8, 0, false]],
  ['201', [6, 4, false]],
  ['202', [6, 6, false]],
  ['203', [8, 4, false]],
  ['204', [8, 6, false]],
  ['301', [6, 4, true]],
  ['302', [6, 6, true]],
  ['303', [8, 4, true]],
  ['304', [8, 6, true]],
]);

/** What senders mean who leave the format out. */
const byLength: ReadonlyMap<number, string> = new Map([
  [8, '102'],
  [12, '203'],
  [14, '204'],
]);

const universal = new Set(['UTC', 'GMT', 'Z']);

/** @returns undefined when the format is not known or the value does not fit it */
export function dtmTime(value: string, format: string, where: Whereabouts): EventTime | undefined {
  const text = value.trim();
  const name = format.trim() === '' ? byLength.get(text.length) : format.trim();
  if (name === '205') return offsetTime(text);
  const shape = name === undefined ? undefined : formats.get(name);
  if (shape === undefined) return undefined;
  const [date, time, zoned] = shape;
  const zone = text.slice(date + time).trim();
  if (zone !== '' && !zoned) return undefined;
  const day = text.slice(0, date);
  const full = date === 6 ? `${Number(day.slice(0, 2)) < 70 ? '20' : '19'}${day}` : day;
  if (text.length < date + time || /\D/.test(text.slice(0, date + time))) return undefined;
  return compactTime(
    full,
    text.slice(date, date + time),
    universal.has(zone.toUpperCase()) ? { offsetMinutes: 0 } : where,
  );
}

/** CCYYMMDDHHMM and an offset: `202601130930+0100`. */
function offsetTime(text: string): EventTime | undefined {
  const parts = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})([+-]\d{2}:?\d{2}|Z)$/.exec(text);
  if (parts === null) return undefined;
  const [, year, month, day, hour, minute, zone] = parts;
  return isoTime(`${year}-${month}-${day}T${hour}:${minute}${zone}`);
}

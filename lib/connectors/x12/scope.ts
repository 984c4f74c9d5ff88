/** A transaction set as the mappings read it. */
import { loadCodes } from '../kit/codes';
import type { NormalizeContext } from '../kit/connector';
import { DocumentScope } from '../kit/edi/scope';
import { type Segment, SegmentFault } from '../kit/edi/segments';
import type { EventTime } from '../kit/time';
import type { X12Set } from './envelope';
import { type X12Place, x12Time } from './times';

export const codes = loadCodes(__dirname);

export class SetScope extends DocumentScope {
  constructor(set: X12Set, context: NormalizeContext) {
    const { group, type, control, segments, at } = set;
    const { isa } = group.interchange;
    const controls = [isa[5], isa[6], isa[7], isa[8], isa[13], group.control, control];
    super({ agency: 'X12', type, version: group.version, segments, at, controls }, context, codes);
  }

  /** A date and time in elements; the moment of receipt when there is none. @throws SegmentFault when it cannot be read */
  time(segment: Segment, date: number, time = 0, code = 0, place: X12Place = {}): EventTime {
    const day = segment.element(date).trim();
    if (day === '') return this.received;
    const clock = time === 0 ? '' : segment.element(time);
    const timeCode = code === 0 ? '' : segment.element(code);
    const read = x12Time(day, clock, timeCode, place, this.context.settings.timeZone);
    if (read !== undefined) return read;
    throw new SegmentFault('DATE_INVALID', `element ${date} is no date, or ${time} no time`, segment, date);
  }
}

/** X12 units (element 355) in UNECE Recommendation 20 where they differ; a missing one counts pieces. */
const units: ReadonlyMap<string, string> = new Map(
  Object.entries({ LB: 'LBR', KG: 'KGM', GR: 'GRM', OZ: 'ONZ', PC: 'H87', CA: 'CS', DZ: 'DZN' }),
);

export function unitOf(code: string): string {
  const unit = code.trim().toUpperCase();
  if (unit === '') return 'EA';
  return units.get(unit) ?? (/^[A-Z0-9]{2,3}$/.test(unit) ? unit : 'EA');
}

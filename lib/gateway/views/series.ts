/** A measure over time, in steps of an hour or a day. */
import { flowMeasures, type MeasureSum } from '../../ledger/insights';
import { caseMeasureNames, durationsOf, totalOf } from './measures';
import { toInstant } from './wire';

export const seriesNames = [...caseMeasureNames, ...flowMeasures] as const;
const durations = new Set<string>(['mttd', 'mttr', 'acknowledged']);
const hourMs = 3_600_000;

export interface Point {
  at: string;
  value?: string;
  count: number;
  p50Ms?: number;
  p90Ms?: number;
}

/** One point a step and value of the dimension; steps in which nothing was counted are left out. */
export function pointsOf(name: string, sums: MeasureSum[], step: 'hour' | 'day', by: boolean): Point[] {
  const width = step === 'day' ? 24 : 1;
  const slotOf = ({ slot }: MeasureSum): number => Math.floor(slot / width) * width;
  const groups = Map.groupBy(sums, (sum) => `${slotOf(sum)}\n${sum.value}`);
  return [...groups.values()].map((group) => {
    const [first] = group as [MeasureSum, ...MeasureSum[]];
    const { p50Ms, p90Ms } = durationsOf(group);
    return {
      at: toInstant(slotOf(first) * hourMs),
      ...(by && { value: first.value }),
      count: totalOf(group),
      ...(durations.has(name) && p50Ms !== null && p90Ms !== null && { p50Ms, p90Ms }),
    };
  });
}

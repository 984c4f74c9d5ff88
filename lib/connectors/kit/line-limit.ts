/** How many lines a fact holds, and what becomes of a document that has more. */
import type { FactDraft } from '../../model/fact';
import type { NormalizeResult } from './connector';
import { reject } from './json';

/** Lines, and discrepancies, that one fact holds. */
export const mostLines = 10_000;

/**
 * A document with more lines than a fact holds: the fact keeps the first ones, and a report says how many stand in the payload only.
 * @param at where the document stands
 */
export function withinLimits({ facts, reports }: NormalizeResult, at: string): NormalizeResult {
  if (!facts.some(isTooLong)) return { facts, reports };
  const cuts = facts.filter(isTooLong).map(({ data }) => {
    const count = Math.max(data.lines?.length ?? 0, data.exception?.discrepancies?.length ?? 0);
    const message = `a fact holds ${mostLines} lines: ${count - mostLines} of ${count} were left out and stand in the payload only`;
    return reject('LINES_CUT', message, at);
  });
  return {
    facts: facts.map((fact) => (isTooLong(fact) ? shortened(fact) : fact)),
    reports: [...reports, ...cuts],
  };
}

const isTooLong = ({ data: { lines = [], exception } }: FactDraft): boolean =>
  lines.length > mostLines || (exception?.discrepancies?.length ?? 0) > mostLines;

function shortened(fact: FactDraft): FactDraft {
  const { lines, exception } = fact.data;
  return {
    ...fact,
    data: {
      ...fact.data,
      ...(lines === undefined ? {} : { lines: lines.slice(0, mostLines) }),
      ...(exception?.discrepancies === undefined
        ? {}
        : { exception: { ...exception, discrepancies: exception.discrepancies.slice(0, mostLines) } }),
    },
  };
}

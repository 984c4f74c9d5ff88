/** InsightQueries and SavedViewStore over the channels. */
import type { CaseState } from '../../../model/case';
import { nextClockEnd } from '../../../model/clocks';
import { caseFacets, type FacetCounts, type InsightQueries, type SavedViewStore } from '../../insights';
import { searched, toCase } from './cases';
import type { Channels } from './codec';

export function insightQueries({ writer, reader }: Channels): InsightQueries & SavedViewStore {
  return {
    async caseFacets({ q, ...filter }) {
      const { total, facets } = await reader.call('facetCounts', { ...filter, ...searched(q) });
      const sorted = caseFacets.map((facet) => [facet, byCount(facets[facet] ?? {})]);
      return { total, facets: Object.fromEntries(sorted) as FacetCounts['facets'] };
    },
    openBy: (dim) => reader.call('openBy', dim),
    caseAges: (now, bounds, scope) => reader.call('caseAges', now, bounds, scope),
    async clocksAhead(request) {
      const { next, ...counts } = await reader.call('clocksAhead', request);
      const endOf = (state: CaseState): number => nextClockEnd(state, request.now) ?? Number.MAX_SAFE_INTEGER;
      // A case with two clocks stands in both lists.
      const cases = new Map(next.map(toCase).map((state) => [state.id, state]));
      const soonest = [...cases.values()].sort((one, other) => endOf(one) - endOf(other));
      return { ...counts, next: soonest.slice(0, request.limit) };
    },
    measures: (request) => reader.call('measures', request),
    openDeadLetters: () => reader.call('openDeadLetters'),
    lastChange: () => reader.call('lastChange'),
    changes: (seq, limit) => reader.call('changes', seq, limit),
    savedViews: async (owner) =>
      (await reader.call('savedViews', owner)).map((row) => ({ ...row, shared: row.shared === 1 })),
    saveView: (view) => writer.call('saveView', view),
    removeView: (id, owner) => writer.call('removeView', id, owner),
  };
}

function byCount(counts: Record<string, number>): { value: string; count: number }[] {
  return Object.entries(counts)
    .map(([value, count]) => ({ value, count }))
    .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
}

/** What the screens ask, under the names by which live changes make it old (see `live.ts`). */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { get, type Query } from './client';
import type {
  Alert,
  AuditEntry,
  Case,
  CaseDetail,
  DeadLetter,
  DeadLetterGroup,
  Facets,
  Me,
  Overview,
  Paged,
  Partner,
  Replay,
  ReplayDetail,
  RunDetail,
  SavedView,
  Scorecard,
  Series,
  Trace,
} from './types';

const minute = 60_000;

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => get<Me>('me', {}, signal),
  staleTime: 5 * minute,
});

export const overviewQuery = queryOptions({
  queryKey: ['overview'],
  queryFn: ({ signal }) => get<Overview>('metrics/overview', {}, signal),
  // Ages and clocks move without any change.
  refetchInterval: minute,
});

export const alertsQuery = (kind: Alert['kind'], limit: number) =>
  queryOptions({
    queryKey: ['alerts', kind, limit],
    queryFn: ({ signal }) =>
      get<Paged<Alert>>('alerts', { kind, state: 'firing,acknowledged', limit }, signal),
  });

export const findCasesQuery = (q: string) =>
  queryOptions({
    queryKey: ['cases', 'find', q],
    queryFn: ({ signal }) => get<Paged<Case>>('cases', { q, limit: 8 }, signal),
  });

export const casePageSize = 100;
export const casesQuery = (query: Query) =>
  infiniteQueryOptions({
    queryKey: ['cases', 'list', query],
    queryFn: ({ signal, pageParam }) =>
      get<Paged<Case>>('cases', { ...query, limit: casePageSize, cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });

export const facetsQuery = (query: Query) =>
  queryOptions({
    queryKey: ['cases', 'facets', query],
    queryFn: ({ signal }) => get<Facets>('cases/facets', query, signal),
    placeholderData: (before) => before,
  });

export const caseQuery = (id: string) =>
  queryOptions({
    queryKey: ['case', id],
    queryFn: ({ signal }) => get<CaseDetail>(`cases/${encodeURIComponent(id)}`, {}, signal),
  });

export const runQuery = (id: string) =>
  queryOptions({
    queryKey: ['run', id],
    queryFn: ({ signal }) => get<RunDetail>(`runs/${encodeURIComponent(id)}`, {}, signal),
  });

/** A flow at a version, which never changes. */
export const flowQuery = (id: string, version: string) =>
  queryOptions({
    queryKey: ['flow', id, version],
    queryFn: ({ signal }) =>
      get<{ nodes: unknown[] }>(
        `flows/${encodeURIComponent(id)}/versions/${encodeURIComponent(version)}`,
        {},
        signal,
      ),
    staleTime: Number.POSITIVE_INFINITY,
  });

export const traceQuery = (identifier: string) =>
  queryOptions({
    queryKey: ['trace', identifier],
    queryFn: ({ signal }) => get<Trace>(`trace/${encodeURIComponent(identifier)}`, {}, signal),
  });

export const viewsQuery = queryOptions({
  queryKey: ['views'],
  queryFn: ({ signal }) => get<Paged<SavedView>>('views', {}, signal),
});

export const letterGroupsQuery = (query: Query) =>
  queryOptions({
    queryKey: ['dead-letters', 'groups', query],
    queryFn: ({ signal }) =>
      get<Paged<DeadLetterGroup>>('dead-letters', { ...query, group: 'fingerprint' }, signal),
  });

export const lettersQuery = (query: Query) =>
  queryOptions({
    queryKey: ['dead-letters', 'list', query],
    queryFn: ({ signal }) => get<Paged<DeadLetter>>('dead-letters', query, signal),
  });

export const letterQuery = (id: string) =>
  queryOptions({
    queryKey: ['dead-letters', 'one', id],
    queryFn: ({ signal }) => get<DeadLetter>(`dead-letters/${encodeURIComponent(id)}`, {}, signal),
  });

export const replaysQuery = queryOptions({
  queryKey: ['replays'],
  queryFn: ({ signal }) => get<Paged<Replay>>('replays', { limit: 100 }, signal),
});

export const replayQuery = (id: string) =>
  queryOptions({
    queryKey: ['replay', id],
    queryFn: ({ signal }) => get<ReplayDetail>(`replays/${encodeURIComponent(id)}`, { limit: 200 }, signal),
  });

export const partnersQuery = queryOptions({
  queryKey: ['partners'],
  queryFn: ({ signal }) => get<Paged<Partner>>('partners', {}, signal),
  refetchInterval: 15_000,
});

export const partnerQuery = (id: string) =>
  queryOptions({
    queryKey: ['partners', id],
    queryFn: ({ signal }) => get<Partner>(`partners/${encodeURIComponent(id)}`, {}, signal),
    refetchInterval: 15_000,
  });

export const seriesQuery = (query: Query) =>
  queryOptions({
    queryKey: ['series', query],
    queryFn: ({ signal }) => get<Series>('metrics/series', query, signal),
  });

export const scorecardsQuery = (by: string, days: number) =>
  queryOptions({
    queryKey: ['scorecards', by, days],
    queryFn: ({ signal }) => get<Paged<Scorecard>>('metrics/partners', { by, days }, signal),
  });

export const auditQuery = (query: Query) =>
  infiniteQueryOptions({
    queryKey: ['audit', query],
    queryFn: ({ signal, pageParam }) =>
      get<Paged<AuditEntry>>('audit', { ...query, limit: 50, cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });

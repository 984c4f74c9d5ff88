/** The address is the view: what stands in it is what the list, its facets and its saved views show. */
import { useMemo } from 'react';
import { useSearchParams } from 'react-router';
import type { Query } from '../../api/client';

/** Fields of which several values may be chosen, and those with one. */
export const manyFields = ['state', 'severity', 'code'] as const;
export const oneFields = ['partner', 'region', 'warehouse', 'carrier', 'assignee'] as const;
export const fields = [...manyFields, ...oneFields] as const;
export type Field = (typeof fields)[number];

export const sorts = ['-detectedAt', 'detectedAt', 'severity', 'resolveDueAt'] as const;
const hourMs = 3_600_000;
/** Clocks that have run out, or do within a time. */
export const dueChoices = { overdue: 0, '1h': hourMs, '4h': 4 * hourMs, '1d': 24 * hourMs } as const;
export type DueChoice = keyof typeof dueChoices;

/** Stands in `state` for every state, ended ones among them. */
export const everyState = 'all';

/** Times of a view move on with the clock, but not with every look at it: a minute is exact enough and keeps answers usable. */
const minuteMs = 60_000;

export function queryOf(params: URLSearchParams, now: number): Query {
  const query: Query = {};
  for (const name of [...fields, 'q', 'sort', 'detectedFrom', 'detectedTo']) {
    const value = params.get(name);
    if (value !== null) query[name] = value;
  }
  if (query.state === everyState || (query.state === undefined && query.q !== undefined)) delete query.state;
  else if (query.state === undefined) query.open = 'true';
  const due = params.get('due');
  if (due !== null && due in dueChoices)
    query.dueBefore = new Date(
      Math.ceil(now / minuteMs) * minuteMs + dueChoices[due as DueChoice],
    ).toISOString();
  return query;
}

export interface View {
  params: URLSearchParams;
  query: Query;
  values(field: Field): string[];
  /** Takes a value in or out; of fields with one value it takes the place of the other. */
  toggle(field: Field, value: string): void;
  set(name: string, value: string | null): void;
  clear(): void;
}

export function useView(now: number): View {
  const [params, setParams] = useSearchParams();
  const minute = Math.ceil(now / minuteMs);
  return useMemo(() => {
    const set = (name: string, value: string | null): void =>
      setParams((before) => {
        const next = new URLSearchParams(before);
        if (value === null) next.delete(name);
        else next.set(name, value);
        return next;
      });
    const values = (field: Field): string[] => {
      const text = params.get(field);
      if (text === null) return [];
      return (manyFields as readonly string[]).includes(field) ? text.split(',') : [text];
    };
    return {
      params,
      query: queryOf(params, minute * minuteMs),
      values,
      set,
      toggle(field, value) {
        const chosen = values(field).filter((item) => item !== everyState);
        if (chosen.includes(value)) {
          const rest = chosen.filter((item) => item !== value);
          return set(field, rest.length === 0 ? null : rest.join(','));
        }
        return set(
          field,
          (manyFields as readonly string[]).includes(field) ? [...chosen, value].join(',') : value,
        );
      },
      clear: () => setParams(new URLSearchParams()),
    };
  }, [params, setParams, minute]);
}

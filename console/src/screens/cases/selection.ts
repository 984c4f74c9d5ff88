/** Chosen cases, frozen as they were seen: the version goes along, so that one that has moved on is left alone. */
import { useMemo, useState } from 'react';
import type { Case } from '../../api/types';

export interface Selection {
  size: number;
  /** When the first of them was chosen. */
  since: number | undefined;
  has(id: string): boolean;
  toggle(item: Pick<Case, 'id' | 'version'>): void;
  add(items: Pick<Case, 'id' | 'version'>[]): void;
  clear(): void;
  cases(): { id: string; expectedVersion: number }[];
}

interface Frozen {
  versions: ReadonlyMap<string, number>;
  since: number | undefined;
}
const nothing: Frozen = { versions: new Map(), since: undefined };

export function useSelection(): Selection {
  const [{ versions, since }, setFrozen] = useState(nothing);
  return useMemo(() => {
    const change = (edit: (next: Map<string, number>) => void): void =>
      setFrozen((before) => {
        const next = new Map(before.versions);
        edit(next);
        return next.size === 0 ? nothing : { versions: next, since: before.since ?? Date.now() };
      });
    return {
      size: versions.size,
      since,
      has: (id) => versions.has(id),
      toggle: ({ id, version }) =>
        change((next) => {
          if (!next.delete(id)) next.set(id, version);
        }),
      add: (items) =>
        change((next) => {
          for (const { id, version } of items) if (!next.has(id)) next.set(id, version);
        }),
      clear: () => setFrozen(nothing),
      cases: () => [...versions].map(([id, expectedVersion]) => ({ id, expectedVersion })),
    };
  }, [versions, since]);
}

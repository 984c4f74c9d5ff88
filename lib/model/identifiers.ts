/** Sets of identifiers. */
import type { Identifiers } from './fact';

/** Of more than these the first in sorted order are kept, so that the union stays independent of order. */
export const maxIdentifiersPerKind = 50;

/** A union in sorted order; `left` itself when `right` adds nothing. */
export function unionIdentifiers(left: Identifiers, right: Identifiers): Identifiers {
  const union: Record<string, unknown[]> = {};
  let grown = false;
  for (const kind of [
    ...new Set([...Object.keys(left), ...Object.keys(right)]),
  ].sort() as (keyof Identifiers)[]) {
    const before: readonly unknown[] = left[kind] ?? [];
    const merged = new Map(before.map((item) => [identifierText(item), item]));
    for (const item of right[kind] ?? [])
      if (!merged.has(identifierText(item))) merged.set(identifierText(item), item);
    if (merged.size > before.length) grown = true;
    const sorted = [...merged].sort(([a], [b]) => (a < b ? -1 : 1)).slice(0, maxIdentifiersPerKind);
    if (sorted.length > 0) union[kind] = sorted.map(([, item]) => item);
  }
  return grown ? (union as Identifiers) : left;
}

function identifierText(item: unknown): string {
  if (typeof item === 'string') return item;
  const { namespace, carrier, value, shipDate } = item as {
    namespace?: string;
    carrier?: string;
    value: string;
    shipDate?: string;
  };
  return JSON.stringify([carrier ?? namespace, value, shipDate ?? '']);
}

/** Conditions of a scope, on tables with the columns `region` and `partner`. */
import type { Scope } from '../../../model/scope';
import type { Conditions } from './paging';

/** `DE` stands for itself and for `DE-...`: `.` is the character after the hyphen. */
export function limitTo(conditions: Conditions, scope: Scope | undefined): void {
  conditions.among('partner', scope?.partners);
  if (!scope?.regions) return;
  const ranges = scope.regions.map(() => '(region = ? OR (region > ? AND region < ?))');
  conditions.add(
    `(${ranges.join(' OR ')})`,
    ...scope.regions.flatMap((region) => [region, `${region}-`, `${region}.`]),
  );
}

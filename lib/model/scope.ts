/** What part of the organisation somebody may see and act on: regions, partners, or both at once. */
import { z } from 'zod';

export const regionName = z
  .string()
  .regex(/^[A-Z]{2}(-[A-Z0-9]{1,3})?$/, 'must be ISO 3166, e.g. DE or US-CA');
export const partnerName = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be the id of a partner');

/** An absent list limits nothing. A region covers its subdivisions: `US` covers `US-CA`. */
export const scope = z.strictObject({
  regions: z.array(regionName).min(1).max(100).optional(),
  partners: z.array(partnerName).min(1).max(500).optional(),
});

export interface Scope {
  regions?: string[] | undefined;
  partners?: string[] | undefined;
}

/** What is looked at; something of no region or partner is outside of every scope that names some. */
export interface Scoped {
  region?: string | undefined;
  partner?: string | undefined;
}

export function coversRegion(regions: readonly string[], region: string): boolean {
  return regions.some((one) => one === region || region.startsWith(`${one}-`));
}

export function inScope(scope: Scope | undefined, { region, partner }: Scoped): boolean {
  if (scope?.regions && (region === undefined || !coversRegion(scope.regions, region))) return false;
  return !scope?.partners || (partner !== undefined && scope.partners.includes(partner));
}

/** True when it limits anything. */
export function isLimited(scope: Scope | undefined): scope is Scope {
  return scope?.regions !== undefined || scope?.partners !== undefined;
}

/** True when everything in `inner` is in `outer`: nobody gives away more than they have. */
export function within(inner: Scope | undefined, outer: Scope | undefined): boolean {
  const regions = outer?.regions;
  if (regions && !inner?.regions?.every((region) => coversRegion(regions, region))) return false;
  if (outer?.partners && !inner?.partners?.every((partner) => outer.partners?.includes(partner)))
    return false;
  return true;
}

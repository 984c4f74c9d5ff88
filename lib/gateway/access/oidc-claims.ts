/** What a provider says about a person, read as a name, a role and limits: by configuration, never by guess. */
import { partnerName, regionName, type Scope } from '../../model/scope';
import type { Role } from '../roles';

export interface ClaimRules {
  /** Claim of the user name. */
  nameClaim: string;
  /** Claim with groups or roles; a dotted path leads into objects. */
  roleClaim: string;
  /** Values of that claim and the role each gives; the first that a person has counts. */
  roles: readonly { value: string; role: Role }[];
  /** Claims that limit a person; one who lacks a configured one is refused. */
  regionClaim?: string | undefined;
  partnerClaim?: string | undefined;
}

export type ReadClaims =
  | { ok: true; name: string; displayName?: string; role: Role; scope: Scope | undefined }
  | { ok: false; why: string };

export type Claims = Readonly<Record<string, unknown>>;

export function readClaims(claims: Claims, rules: ClaimRules): ReadClaims {
  const [name] = valuesOf(claims, rules.nameClaim);
  if (name === undefined) return { ok: false, why: `the claim ${rules.nameClaim} is missing` };
  const held = new Set(valuesOf(claims, rules.roleClaim));
  const role = rules.roles.find(({ value }) => held.has(value))?.role;
  if (!role) return { ok: false, why: `no value of the claim ${rules.roleClaim} gives a role` };
  const regions = limitOf(claims, rules.regionClaim, (value) => regionName.safeParse(value).success);
  const partners = limitOf(claims, rules.partnerClaim, (value) => partnerName.safeParse(value).success);
  if (regions === 'none' || partners === 'none')
    return { ok: false, why: 'the claims for regions or partners name none' };
  const [displayName] = valuesOf(claims, 'name');
  return {
    ok: true,
    name: name.toLowerCase().slice(0, 100),
    role,
    scope: regions || partners ? { ...(regions && { regions }), ...(partners && { partners }) } : undefined,
    ...(displayName === undefined ? {} : { displayName: displayName.slice(0, 200) }),
  };
}

/** `*` stands for everything; without any valid value nothing is within reach, which is no way to work. */
function limitOf(
  claims: Claims,
  claim: string | undefined,
  valid: (value: string) => boolean,
): string[] | undefined | 'none' {
  if (claim === undefined) return undefined;
  const values = valuesOf(claims, claim);
  if (values.includes('*')) return undefined;
  const kept = values.filter(valid);
  return kept.length === 0 ? 'none' : kept;
}

/** Own properties only; text, numbers and lists of them. */
function valuesOf(claims: Claims, path: string): string[] {
  const found = Object.hasOwn(claims, path)
    ? claims[path]
    : path
        .split('.')
        .reduce<unknown>(
          (value, key) =>
            value !== null && typeof value === 'object' && Object.hasOwn(value, key)
              ? (value as Record<string, unknown>)[key]
              : undefined,
          claims,
        );
  return [found ?? []].flat().filter((value): value is string => typeof value === 'string' && value !== '');
}

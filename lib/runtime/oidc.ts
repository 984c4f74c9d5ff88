/** `REROUTE_OIDC_*`: the OpenID provider at which people may sign in. */
import { z } from 'zod';
import type { OidcSettings } from '../gateway/access/oidc';
import { type Role, roles } from '../gateway/roles';

const roleMap = z.string().transform((text, context) => {
  const pairs = text.split(',').map((part) => part.trim());
  return pairs.map((pair) => {
    const at = pair.lastIndexOf('=');
    const [value, role] = [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
    const known = roles.find((one) => one === role);
    if (at < 1 || value === '' || !known) {
      context.addIssue({
        code: 'custom',
        message: `${pair}: write value=role, the roles are ${roles.join(', ')}`,
      });
      return { value, role: 'viewer' as Role };
    }
    return { value, role: known };
  });
});

export const oidcShape = {
  REROUTE_OIDC_ISSUER: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe(
      'OpenID provider at which people sign in; needs REROUTE_PUBLIC_URL, below which `auth/oidc/callback` is the redirect URI',
    ),
  REROUTE_OIDC_CLIENT_ID: z.string().optional().describe('Client id at the provider'),
  REROUTE_OIDC_CLIENT_SECRET: z.string().optional().describe('Its secret; absent for a public client'),
  REROUTE_OIDC_TITLE: z
    .string()
    .default('Single sign-on')
    .describe('What the sign-in page calls the provider'),
  REROUTE_OIDC_SCOPES: z.string().default('openid profile email').describe('Scopes that are asked for'),
  REROUTE_OIDC_NAME_CLAIM: z.string().default('preferred_username').describe('Claim of the user name'),
  REROUTE_OIDC_ROLE_CLAIM: z
    .string()
    .default('groups')
    .describe('Claim with groups or roles; a dotted path leads into objects, e.g. `realm_access.roles`'),
  REROUTE_OIDC_ROLES: roleMap
    .optional()
    .describe(
      'Which value of that claim gives which role, `value=role,value=role`; the first that a person has counts, and nobody without one gets in',
    ),
  REROUTE_OIDC_REGION_CLAIM: z
    .string()
    .optional()
    .describe('Claim with the regions that limit a person, `*` for all; one who lacks it is refused'),
  REROUTE_OIDC_PARTNER_CLAIM: z
    .string()
    .optional()
    .describe('Claim with the partners that limit a person, `*` for all; one who lacks it is refused'),
} as const;

const oidcValues = z.object(oidcShape);
type OidcValues = z.infer<typeof oidcValues>;

export type OidcEnvironment = Omit<OidcSettings, 'publicUrl' | 'secret'>;

const loopback = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Each names its variable. */
export function oidcProblems(values: OidcValues & { REROUTE_PUBLIC_URL?: string | undefined }): string[] {
  const { REROUTE_OIDC_ISSUER: issuer } = values;
  if (issuer === undefined) return [];
  const problems: string[] = [];
  const url = new URL(issuer);
  if (url.protocol === 'http:' && !loopback.has(url.hostname))
    problems.push('REROUTE_OIDC_ISSUER: must be https');
  if (values.REROUTE_OIDC_CLIENT_ID === undefined)
    problems.push('REROUTE_OIDC_CLIENT_ID: is needed with an issuer');
  if (values.REROUTE_OIDC_ROLES === undefined) problems.push('REROUTE_OIDC_ROLES: is needed with an issuer');
  if (values.REROUTE_PUBLIC_URL === undefined)
    problems.push('REROUTE_PUBLIC_URL: is needed with REROUTE_OIDC_ISSUER, to name the redirect URI');
  return problems;
}

/** undefined when people sign in here only. */
export function oidcOf(values: OidcValues): OidcEnvironment | undefined {
  const { REROUTE_OIDC_ISSUER: issuer, REROUTE_OIDC_CLIENT_ID: clientId, REROUTE_OIDC_ROLES: map } = values;
  if (issuer === undefined || clientId === undefined || map === undefined) return undefined;
  return {
    issuer: new URL(issuer),
    clientId,
    clientSecret: values.REROUTE_OIDC_CLIENT_SECRET,
    scopes: values.REROUTE_OIDC_SCOPES,
    title: values.REROUTE_OIDC_TITLE,
    rules: {
      nameClaim: values.REROUTE_OIDC_NAME_CLAIM,
      roleClaim: values.REROUTE_OIDC_ROLE_CLAIM,
      roles: map,
      regionClaim: values.REROUTE_OIDC_REGION_CLAIM,
      partnerClaim: values.REROUTE_OIDC_PARTNER_CLAIM,
    },
  };
}

/** People of an OpenID provider become users at their first sign-in, and have what the provider says at every later one. */
import { createHash } from 'node:crypto';
import type { UserRecord } from '../../ledger/access';
import { canonicalJson } from '../../model/keys';
import type { GatewayDeps } from '../deps';
import type { ReadClaims } from './oidc-claims';

type Known = Extract<ReadClaims, { ok: true }>;
type Deps = Pick<GatewayDeps, 'ledger' | 'now' | 'newId'>;

/** undefined for somebody whom an administrator has disabled here. */
export async function takeUpUser(
  deps: Deps,
  external: { issuer: string; subject: string },
  said: Known,
): Promise<UserRecord | undefined> {
  const known = await deps.ledger.userByExternal(external.issuer, external.subject);
  if (known && known.state !== 'active') return undefined;
  const now = deps.now();
  const { scope: before, ...kept } = known ?? {
    id: deps.newId(),
    name: await freeName(deps, said.name, external),
    state: 'active' as const,
    external,
    createdAt: now,
    version: 0,
  };
  const user: UserRecord = {
    ...kept,
    role: said.role,
    updatedAt: now,
    lastSignInAt: now,
    version: kept.version + 1,
    ...(said.scope && { scope: said.scope }),
    ...(said.displayName === undefined ? {} : { displayName: said.displayName }),
  };
  await deps.ledger.saveUser(user, kept.version);
  const rights = (role: string | undefined, scope: UserRecord['scope']) => ({
    role: role ?? null,
    scope: scope ?? null,
  });
  const [was, is] = [rights(known?.role, before), rights(user.role, user.scope)];
  if (canonicalJson(was) === canonicalJson(is)) return user;
  await deps.ledger.endSessions({ userId: user.id });
  await deps.ledger.appendAudit(0, [
    {
      id: deps.newId(),
      at: now,
      actor: `user:${user.name}`,
      action: known ? 'user.change' : 'user.add',
      subject: `user:${user.name}`,
      reason: `as ${external.issuer} says`,
      before: was,
      after: is,
      outcome: 'done',
    },
  ]);
  return user;
}

/** Nobody becomes somebody else by having the same name at a provider. */
async function freeName(
  { ledger }: Deps,
  name: string,
  external: { issuer: string; subject: string },
): Promise<string> {
  if (!(await ledger.userByName(name))) return name;
  const tail = createHash('sha256')
    .update(`${external.issuer}\n${external.subject}`)
    .digest('hex')
    .slice(0, 8);
  return `${name.slice(0, 90)}-${tail}`;
}

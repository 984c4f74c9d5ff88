/** Signing in with a name and a password: throttled, the same answer for every kind of wrong, audited either way. */
import type { UserRecord } from '../../ledger/access';
import { VersionConflictError } from '../../model/errors';
import { audit } from '../audit';
import type { GatewayDeps } from '../deps';
import { Problem } from '../problems';

export type SignInDeps = Pick<GatewayDeps, 'access' | 'ledger' | 'now' | 'newId'>;

/** The user, or a refusal that does not say whether the name exists. @throws Problem 401, 429 */
export async function checkPassword(
  deps: SignInDeps,
  address: string,
  given: { name: string; password: string },
): Promise<UserRecord> {
  const { access, ledger } = deps;
  const name = given.name.trim().toLowerCase();
  throttled(deps, name, address);
  const user = await ledger.userByName(name);
  const right = await access.passwords.verify(given.password, user?.passwordHash);
  if (!user || !right || user.state !== 'active') {
    access.throttle.failed(name, address, deps.now());
    await audit(deps, {
      actor: user ? `user:${user.name}` : 'anonymous',
      action: 'session.begin',
      subject: user ? `user:${user.name}` : 'user',
      reason: user && right ? 'the user is disabled' : 'wrong name or password',
      after: { address },
      outcome: 'refused',
    });
    throw new Problem(401, 'wrong-credentials', { detail: 'The name or the password is wrong.' });
  }
  access.throttle.succeeded(name, address);
  return upgraded(deps, user, given.password);
}

/** @throws Problem 429 */
export function throttled(deps: SignInDeps, name: string, address: string): void {
  const waitMs = deps.access.throttle.waitMs(name, address, deps.now());
  if (waitMs <= 0) return;
  throw new Problem(429, 'too-many-attempts', {
    detail: 'Too many wrong attempts. Wait for the time in Retry-After.',
    headers: { 'retry-after': String(Math.ceil(waitMs / 1000)) },
  });
}

/** Remembers the sign-in, and takes up today's cost of hashing while the password is at hand. */
async function upgraded(deps: SignInDeps, user: UserRecord, password: string): Promise<UserRecord> {
  const { passwords } = deps.access;
  const outdated = user.passwordHash === undefined || passwords.isOutdated(user.passwordHash);
  const next = {
    ...user,
    lastSignInAt: deps.now(),
    version: user.version + 1,
    ...(outdated ? { passwordHash: await passwords.hash(password) } : {}),
  };
  try {
    await deps.ledger.saveUser(next, user.version);
    return next;
  } catch (error) {
    // Signed in twice at one moment: the other one has remembered it.
    if (error instanceof VersionConflictError) return user;
    throw error;
  }
}

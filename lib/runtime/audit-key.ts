/** The key that signs the heads of the audit: given as a secret, or made once and kept in the data folder. */
import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { FatalError } from '../model/errors';

export const auditKeyPath = (dataDir: string): string => join(dataDir, 'keys', 'audit.pem');

/**
 * @param given PEM (PKCS #8) of an Ed25519 key. Whoever can write the data folder can forge what a key in it signs: in production give it
 * from elsewhere.
 * @throws FatalError AUDIT_KEY
 */
export function auditKey(dataDir: string, given: string | undefined): KeyObject {
  const path = auditKeyPath(dataDir);
  if (given === undefined && !existsSync(path)) makeKey(path);
  try {
    const key = createPrivateKey(given ?? readFileSync(path, 'utf8'));
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch (cause) {
    throw refused(given === undefined ? path : 'REROUTE_AUDIT_KEY', cause);
  }
  throw refused(given === undefined ? path : 'REROUTE_AUDIT_KEY');
}

function makeKey(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const { privateKey } = generateKeyPairSync('ed25519');
  writeFileSync(path, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flag: 'wx' });
}

function refused(where: string, cause?: unknown): FatalError {
  return new FatalError('AUDIT_KEY', `${where} holds no Ed25519 key`, {
    hint: 'Make one with `openssl genpkey -algorithm ed25519`.',
    ...(cause === undefined ? {} : { cause }),
  });
}

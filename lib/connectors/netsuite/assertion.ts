/**
 * The signed JWT by which NetSuite's OAuth 2.0 client credentials flow knows the application
 * (https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_162790605110.html): RFC 7523 with a certificate id as `kid`.
 */
import { constants, createPrivateKey, type KeyObject, sign } from 'node:crypto';
import { FatalError } from '../../model/errors';

export interface Claims {
  clientId: string;
  certificateId: string;
  /** The token endpoint, as NetSuite writes it. */
  audience: string;
  /** Epoch milliseconds. */
  now: number;
}

/** NetSuite allows an hour; the assertion is used at once. */
const lifetimeSeconds = 300;

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** @throws FatalError PRIVATE_KEY when the key cannot be read or is of another kind than the algorithm needs */
export function signedAssertion(claims: Claims, pem: string, algorithm: 'PS256' | 'ES256'): string {
  const issued = Math.floor(claims.now / 1000);
  const header = { typ: 'JWT', alg: algorithm, kid: claims.certificateId };
  const payload = {
    iss: claims.clientId,
    scope: ['rest_webservices'],
    aud: claims.audience,
    iat: issued,
    exp: issued + lifetimeSeconds,
  };
  const text = `${part(header)}.${part(payload)}`;
  const key = keyOf(pem, algorithm);
  const signature =
    algorithm === 'ES256'
      ? sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' })
      : sign('sha256', Buffer.from(text), {
          key,
          padding: constants.RSA_PKCS1_PSS_PADDING,
          saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
        });
  return `${text}.${signature.toString('base64url')}`;
}

function keyOf(pem: string, algorithm: 'PS256' | 'ES256'): KeyObject {
  const wanted = algorithm === 'ES256' ? 'ec' : 'rsa';
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType === wanted) return key;
  } catch {
    // The reason may quote the key: it goes no further.
  }
  throw new FatalError(
    'PRIVATE_KEY',
    `the private key of this partner is no ${wanted} key that can be read`,
    {
      hint: `Give the certificate's private key as PEM, or choose the algorithm that fits it.`,
    },
  );
}

/** The session cookie: `HttpOnly`, `SameSite=Lax`, and `Secure` with the `__Host-` prefix wherever people come over TLS. */

/** Lax and not Strict: a link in a mail, and the way back from an OpenID provider, arrive signed in. Writes need a token besides. */
const attributes = 'Path=/; HttpOnly; SameSite=Lax';

export function cookieName(secure: boolean, name = 'reroute-session'): string {
  return secure ? `__Host-${name}` : name;
}

/** @param maxAgeS 0 takes the cookie back */
export function setCookie(secure: boolean, value: string, maxAgeS: number, name?: string): string {
  const safe = secure ? '; Secure' : '';
  return `${cookieName(secure, name)}=${value}; ${attributes}; Max-Age=${Math.floor(maxAgeS)}${safe}`;
}

/** The first cookie of the name (RFC 6265, 5.4). */
export function readCookie(header: string | undefined, name: string): string | undefined {
  for (const part of (header ?? '').split(';')) {
    const at = part.indexOf('=');
    if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim();
  }
  return undefined;
}

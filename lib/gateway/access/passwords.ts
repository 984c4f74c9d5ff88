/**
 * Passwords: scrypt (RFC 7914) with the cost of the OWASP Password Storage Cheat Sheet (N = 2^15, r = 8, p = 3: 32 MiB), kept as text
 * that names its own cost, so that a later cost is taken up at the next sign-in.
 */
import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { Problem } from '../problems';

export interface PasswordCost {
  /** log2 of N. */
  ln: number;
  r: number;
  p: number;
}

export const defaultCost: PasswordCost = { ln: 15, r: 8, p: 3 };
export const passwordLimits = { least: 12, most: 256 } as const;
/** Hashes computed or waiting at one time; more sign-ins than that are asked to come back. */
const maxUnderWay = 16;
const keyBytes = 32;
const pattern = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9_-]{22})\$([A-Za-z0-9_-]{43})$/;

export class Passwords {
  private underWay = 0;
  private readonly decoy: Promise<string>;

  constructor(private readonly cost: PasswordCost = defaultCost) {
    this.decoy = this.hash(randomBytes(16).toString('hex'));
    this.decoy.catch(() => undefined);
  }

  async hash(password: string): Promise<string> {
    const salt = randomBytes(16);
    const key = await this.derive(password, salt, this.cost);
    const { ln, r, p } = this.cost;
    return `$scrypt$ln=${ln},r=${r},p=${p}$${salt.toString('base64url')}$${key.toString('base64url')}`;
  }

  /** Takes as long for somebody unknown, who has no hash, as for a wrong password. */
  async verify(password: string, kept: string | undefined): Promise<boolean> {
    const [, ln, r, p, salt, key] = pattern.exec(kept ?? (await this.decoy)) ?? [];
    if (salt === undefined || key === undefined) return false;
    const cost = { ln: Number(ln), r: Number(r), p: Number(p) };
    const derived = await this.derive(password, Buffer.from(salt, 'base64url'), cost);
    return timingSafeEqual(derived, Buffer.from(key, 'base64url')) && kept !== undefined;
  }

  /** True when the hash was made at another cost than today's. */
  isOutdated(kept: string): boolean {
    const { ln, r, p } = this.cost;
    return !kept.startsWith(`$scrypt$ln=${ln},r=${r},p=${p}$`);
  }

  private async derive(password: string, salt: Buffer, { ln, r, p }: PasswordCost): Promise<Buffer> {
    if (this.underWay >= maxUnderWay)
      throw new Problem(429, 'busy', {
        detail: 'Too many people sign in at this moment. Try again.',
        headers: { 'retry-after': '1' },
      });
    this.underWay += 1;
    const N = 2 ** ln;
    try {
      return await scrypted(password.normalize('NFKC'), salt, { N, r, p, maxmem: 160 * N * r });
    } finally {
      this.underWay -= 1;
    }
  }
}

function scrypted(password: string, salt: Buffer, options: ScryptOptions): Promise<Buffer> {
  return new Promise((resolve, reject) =>
    scrypt(password, salt, keyBytes, options, (error, key) => (error ? reject(error) : resolve(key))),
  );
}

const commonest = [
  'password',
  'passwort',
  'qwerty',
  'qwertz',
  'letmein',
  'welcome',
  'reroute',
  'admin',
  '12345',
];

/** Why a password will not do, after NIST SP 800-63B: long, and nothing that is guessed first; no rules of composition. */
export function passwordProblem(password: string, name: string): string | undefined {
  const text = password.normalize('NFKC').toLowerCase();
  if ([...text].length < passwordLimits.least) return `needs at least ${passwordLimits.least} characters`;
  if (text.length > passwordLimits.most) return `has more than ${passwordLimits.most} characters`;
  if (new Set(text).size < 5) return 'repeats too few characters';
  const rest = [name.toLowerCase(), ...commonest].reduce((left, word) => left.replaceAll(word, ''), text);
  return [...rest].length < 6 ? 'is a common password, or made of the user name' : undefined;
}

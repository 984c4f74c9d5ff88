/**
 * Where calls to partners may go. What is checked is the address that is connected to, not the name: a name that answers another address a
 * moment later (DNS rebinding) gains nothing. Ranges are those of the IANA special-purpose registries
 * (https://www.iana.org/assignments/iana-ipv4-special-registry, iana-ipv6-special-registry).
 */
import { type LookupAddress, type LookupOptions, lookup } from 'node:dns';
import { BlockList, isIP } from 'node:net';
import { FatalError } from '../../model/errors';

/** Never a partner: link-local with the metadata services of clouds, this host's unspecified address, multicast, reserved. */
const never = [
  '0.0.0.0/8',
  '169.254.0.0/16',
  // Alibaba's and Azure's metadata services stand outside of the link-local range.
  '100.100.100.200/32',
  '168.63.129.16/32',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '::/128',
  'fe80::/10',
  'fd00:ec2::254/128',
  'ff00::/8',
];

/** This machine and private networks: partners there are named by whoever runs Reroute. */
const inside = [
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '::1/128',
  'fc00::/7',
];

export interface TargetRules {
  /** Whether this machine and private networks are targets like others: in development, where the stand-in partners are. */
  inside: boolean;
  /** Host names, addresses or CIDR ranges that are allowed whatever else is said. */
  allowed: readonly string[];
}

type LookupCallback = (
  error: NodeJS.ErrnoException | null,
  address: string | LookupAddress[],
  family?: number,
) => void;

export class TargetPolicy {
  private readonly forbidden = new BlockList();
  private readonly allowed = new BlockList();
  private readonly names = new Set<string>();

  constructor(rules: TargetRules) {
    for (const range of [...never, ...(rules.inside ? [] : inside)]) addRange(this.forbidden, range);
    for (const entry of rules.allowed) {
      if (isIP(entry.split('/')[0] ?? '') === 0) this.names.add(entry.toLowerCase());
      else addRange(this.allowed, entry);
    }
  }

  allows(address: string): boolean {
    const plain = embedded(address);
    const family = isIP(plain) === 6 ? 'ipv6' : 'ipv4';
    return isIP(plain) !== 0 && (this.allowed.check(plain, family) || !this.forbidden.check(plain, family));
  }

  /** An address that stands in the URL itself is never looked up. @throws FatalError TARGET_FORBIDDEN */
  checkHost(hostname: string): void {
    const host = hostname.replace(/^\[|\]$/g, '');
    if (isIP(host) !== 0 && !this.allows(host)) throw forbidden(host);
  }

  /** As `dns.lookup`, without the addresses that are no targets: for sockets. */
  readonly lookup = (hostname: string, options: LookupOptions, callback: LookupCallback): void => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error) return callback(error, []);
      const kept = this.isNamed(hostname) ? found : found.filter(({ address }) => this.allows(address));
      const [first] = kept;
      if (!first) return callback(forbidden(hostname), []);
      if (options.all) callback(null, kept);
      else callback(null, first.address, first.family);
    });
  };

  /**
   * One address of the host, for libraries that open their own sockets; IPv4 where there is one, because nothing tries the next address
   * when the first cannot be reached.
   * @throws FatalError TARGET_FORBIDDEN, or the look-up's error
   */
  async resolve(hostname: string): Promise<string> {
    const host = hostname.replace(/^\[|\]$/g, '');
    this.checkHost(host);
    if (isIP(host) !== 0) return host;
    const found = await new Promise<LookupAddress[]>((resolve, reject) =>
      this.lookup(host, { all: true }, (error, all) =>
        error || !Array.isArray(all) ? reject(error ?? forbidden(host)) : resolve(all),
      ),
    );
    const [first] = found.toSorted((a, b) => a.family - b.family);
    if (!first) throw forbidden(host);
    return first.address;
  }

  private isNamed(hostname: string): boolean {
    return this.names.has(hostname.toLowerCase().replace(/\.$/, ''));
  }
}

function forbidden(host: string): FatalError {
  return new FatalError('TARGET_FORBIDDEN', `${host} is not an address that partners may have`, {
    hint: 'If it is a partner in your own network, name the host or its range in REROUTE_ALLOWED_TARGETS.',
  });
}

/** IPv4 inside of IPv6 (mapped, and NAT64 of RFC 6052) is the IPv4 machine. */
function embedded(address: string): string {
  const plain = address.split('%')[0] ?? '';
  if (isIP(plain) !== 6) return plain;
  const groups = groupsOf(plain);
  const head = groups.slice(0, 6).join(':');
  if (head !== '0:0:0:0:0:ffff' && head !== '64:ff9b:0:0:0:0') return plain;
  const [high = 0, low = 0] = groups.slice(6).map((group) => Number.parseInt(group, 16));
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}

/** The eight groups of an IPv6 address without leading zeros, as WHATWG URL writes them out. */
function groupsOf(address: string): string[] {
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address);
  const text = dotted
    ? `${dotted[1]}${((Number(dotted[2]) << 8) | Number(dotted[3])).toString(16)}:${((Number(dotted[4]) << 8) | Number(dotted[5])).toString(16)}`
    : address;
  const [left = '', right] = text.split('::');
  const split = (part: string): string[] => (part === '' ? [] : part.split(':'));
  const before = split(left);
  const after = right === undefined ? [] : split(right);
  const zeros = right === undefined ? 0 : 8 - before.length - after.length;
  const all = [...before, ...Array.from({ length: zeros }, () => '0'), ...after];
  return all.map((group) => Number.parseInt(group, 16).toString(16));
}

function addRange(list: BlockList, range: string): void {
  const [address = '', bits] = range.split('/');
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  list.addSubnet(address, Number(bits ?? (family === 'ipv6' ? 128 : 32)), family);
}

/** Development's policy: where nothing else is configured. */
export const openTargets = new TargetPolicy({ inside: true, allowed: [] });

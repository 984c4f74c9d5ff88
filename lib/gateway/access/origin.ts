/** Where a request comes from: the address, whether it came over TLS, and whether a browser sent it from our own pages. */
import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';

export interface OriginSettings {
  /** What people type to get here, when a proxy stands before it; its scheme decides whether cookies are `Secure`. */
  publicUrl?: URL | undefined;
  /** Proxies whose `X-Forwarded-*` are believed: addresses or CIDR ranges. */
  trustedProxies?: readonly string[] | undefined;
}

export interface RequestOrigin {
  address: string;
  secure: boolean;
  /** Host that the browser sees. */
  host: string;
}

export class Origins {
  private readonly trusted = new BlockList();

  constructor(private readonly settings: OriginSettings) {
    for (const range of settings.trustedProxies ?? []) addRange(this.trusted, range);
  }

  of(request: IncomingMessage): RequestOrigin {
    const peer = plainAddress(request.socket.remoteAddress);
    const { publicUrl } = this.settings;
    const encrypted = 'encrypted' in request.socket && request.socket.encrypted === true;
    const proxied = this.isTrusted(peer);
    const forwarded = (name: string): string | undefined =>
      proxied ? lastOf(request.headers[name]) : undefined;
    return {
      address: proxied ? this.clientOf(request, peer) : peer,
      secure: publicUrl
        ? publicUrl.protocol === 'https:'
        : (forwarded('x-forwarded-proto') ?? (encrypted ? 'https' : 'http')) === 'https',
      host: publicUrl?.host ?? forwarded('x-forwarded-host') ?? request.headers.host ?? '',
    };
  }

  /**
   * True unless a browser says that another site's page made the request (`Sec-Fetch-Site`, `Origin`); programs send neither.
   * @see https://www.w3.org/TR/fetch-metadata/
   */
  isSameOrigin(request: IncomingMessage): boolean {
    const site = request.headers['sec-fetch-site'];
    if (site !== undefined && site !== 'same-origin' && site !== 'none') return false;
    const { origin } = request.headers;
    if (origin === undefined) return true;
    return URL.parse(origin)?.host === this.of(request).host;
  }

  private isTrusted(address: string): boolean {
    const family = isIP(address);
    return family !== 0 && this.trusted.check(address, family === 6 ? 'ipv6' : 'ipv4');
  }

  /** The last address of the chain that is no proxy of ours: what stands before it anybody may have written. */
  private clientOf(request: IncomingMessage, peer: string): string {
    const chain = [request.headers['x-forwarded-for'] ?? []].flat().join(',').split(',');
    for (const hop of chain.map((one) => plainAddress(one.trim())).reverse())
      if (isIP(hop) !== 0 && !this.isTrusted(hop)) return hop;
    return peer;
  }
}

/** @throws TypeError for what is neither an address nor a range */
export function addRange(list: BlockList, range: string): void {
  const [address = '', bits] = range.split('/');
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  if (isIP(address) === 0) throw new TypeError(`${range} is no address or CIDR range`);
  if (bits === undefined) list.addAddress(address, family);
  else list.addSubnet(address, Number(bits), family);
}

/** IPv4 in IPv6 clothes is the same machine. */
export function plainAddress(address = ''): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '');
}

function lastOf(header: string | string[] | undefined): string | undefined {
  return [header ?? []].flat().join(',').split(',').at(-1)?.trim() || undefined;
}

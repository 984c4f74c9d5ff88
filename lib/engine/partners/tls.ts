/** Client certificates of a partner: an agent for each identity, and another one tried when the first is refused. */
import { createHash } from 'node:crypto';
import type { Agent } from 'undici';
import type { Secrets } from '../../connectors/kit/connector';
import { HttpNotSentError } from '../../connectors/kit/http';

/** As node:tls takes it; PEM. */
export interface TlsIdentity {
  cert?: string;
  key?: string;
  ca?: string[];
}

/** From the secrets of `mtlsSecrets`: certificates and keys that rotate together, the current ones first. */
export function tlsIdentities(secrets: Secrets): TlsIdentity[] {
  const certificates = secrets('clientCertificate');
  const keys = secrets('clientKey');
  const authorities = secrets('certificateAuthority');
  const trusted = authorities.length === 0 ? {} : { ca: [...authorities] };
  const pairs = certificates.flatMap((cert, at) => {
    const key = keys[at] ?? keys.at(-1);
    return key === undefined ? [] : [{ cert, key, ...trusted }];
  });
  return pairs.length > 0 || authorities.length === 0 ? pairs : [trusted];
}

/**
 * The handshake failed, by us or by the partner: no server has acted on a request. Under TLS 1.3 a server refuses a certificate
 * only after our side of the handshake is done, when the request may have left: that is a connection lost, and stays unknown.
 */
export function isTlsFailure(code: string): boolean {
  return /^(ERR_SSL_|ERR_TLS_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/.test(code);
}

export class TlsAgents {
  private readonly agents = new Map<string, Agent>();

  constructor(private readonly make: (identity: TlsIdentity) => Agent) {}

  /** Sends with the first identity; one whose handshake fails is followed by the next, so that a rotation loses nothing. */
  async each<T>(identities: readonly TlsIdentity[], send: (agent: Agent) => Promise<T>): Promise<T> {
    const [first = {}, ...others] = identities;
    this.retire([first, ...others]);
    let current = first;
    for (const next of others) {
      try {
        return await send(this.agentFor(current));
      } catch (error) {
        if (!isRefusedIdentity(error)) throw error;
      }
      current = next;
    }
    return send(this.agentFor(current));
  }

  async close(): Promise<void> {
    await Promise.all([...this.agents.values()].map((agent) => agent.destroy()));
    this.agents.clear();
  }

  private agentFor(identity: TlsIdentity): Agent {
    const name = nameOf(identity);
    const known = this.agents.get(name);
    if (known) return known;
    const agent = this.make(identity);
    this.agents.set(name, agent);
    return agent;
  }

  /** Certificates that are not configured any more: their calls under way end, no new one begins. */
  private retire(identities: readonly TlsIdentity[]): void {
    if (this.agents.size <= identities.length && this.agents.size <= 1) return;
    const wanted = new Set(identities.map(nameOf));
    for (const [name, agent] of this.agents) {
      if (wanted.has(name)) continue;
      this.agents.delete(name);
      void agent.close();
    }
  }
}

const isRefusedIdentity = (error: unknown): boolean =>
  error instanceof HttpNotSentError &&
  isTlsFailure((error.cause as { code?: string } | undefined)?.code ?? '');

/** A hash, so that no key lies about in a map's names. */
function nameOf({ cert = '', key = '', ca = [] }: TlsIdentity): string {
  if (cert === '' && ca.length === 0) return '';
  return createHash('sha256')
    .update(JSON.stringify([cert, key, ca]))
    .digest('hex');
}

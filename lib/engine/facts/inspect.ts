/** What a partner's payload would be read as, with nothing recorded: to repair one, and to try a new partner. */
import type { NormalizeResult } from '../../connectors/kit/connector';
import { FatalError } from '../../model/errors';
import type { PartnerRegistry } from '../partners/registry';

export interface Inspected {
  headers: Record<string, string>;
  body: Uint8Array;
}

/** @throws FatalError NO_MAPPING when the partner's connector maps no payloads */
export async function inspectPayload(
  partners: PartnerRegistry,
  partnerId: string,
  { headers, body }: Inspected,
  now: () => number,
): Promise<NormalizeResult> {
  const partner = partners.require(partnerId);
  const { connector } = partner;
  if (!connector.inbound)
    throw new FatalError('NO_MAPPING', `${connector.manifest.title} maps no payloads`, {
      hint: 'Only partners that send something can be tried with a payload.',
    });
  const result = connector.inbound.normalize(
    { headers, body },
    { receivedAt: now(), settings: partner.settings, manifest: connector.manifest },
  );
  return partner.overrides.apply(result, body, now);
}

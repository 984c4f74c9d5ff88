/** The mapping every baseline gets: our own FedEx connector, so that only what is around it differs. */
import { connectorById } from '../../lib/connectors/kit/registry';

export interface MappedEvent {
  tracking: string;
  exception: string | undefined;
  eta: string | undefined;
  time: string;
}

const fedex = connectorById('fedex');

export function readDelivery(body: Uint8Array): MappedEvent[] {
  if (!fedex?.inbound) throw new Error('the fedex connector maps no payloads');
  const { facts } = fedex.inbound.normalize(
    { headers: { 'content-type': 'application/json' }, body },
    { receivedAt: Date.now(), settings: {}, manifest: fedex.manifest },
  );
  return facts.map(({ data }) => ({
    tracking: data.identifiers.trackingNumber?.[0]?.value ?? '',
    exception: data.exception?.code,
    eta: data.context?.etaAt,
    time: data.time.eventTime,
  }));
}

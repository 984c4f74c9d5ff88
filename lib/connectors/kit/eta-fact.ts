/** A carrier's estimate of the delivery as a forecast of its own: estimates never override what happened. */
import type { FactData, FactDraft } from '../../model/fact';
import { keyOf } from './draft';
import { type EventTime, factTime } from './time';

export interface CarrierEta {
  carrier: string;
  trackingNumber: string;
  eta: EventTime;
  identifiers: FactData['identifiers'];
  /** RFC 3339 of when the payload was received. */
  recordTime: string;
}

export function etaFact({ carrier, trackingNumber, eta, identifiers, recordTime }: CarrierEta): FactDraft {
  return {
    type: 'org.reroute.shipment.milestone.v1',
    dedupKey: keyOf([carrier, trackingNumber, 'ETA', eta.ms]),
    data: {
      time: factTime(eta, recordTime, 'ESTIMATED'),
      identifiers,
      milestone: 'DELIVERED',
      context: { etaAt: eta.iso },
    },
  };
}

/** Connectors that are polled or take files, made of the test connector. */
import type { CallContext, Connector } from '../../lib/connectors/kit/connector';
import type { Poller, PollRequest, PollResult } from '../../lib/connectors/kit/poll';
import type { FactDraft } from '../../lib/model/fact';
import { type TestDelivery, testConnector } from './test-partner';

export const deliveryOf = (delivery: TestDelivery) => ({
  headers: { 'content-type': 'application/json' },
  body: Buffer.from(JSON.stringify(delivery)),
});

/** A partner that is asked: `answer` says what the next question gets. */
export class PolledPartner {
  readonly asked: PollRequest[] = [];
  answer: (request: PollRequest, call: CallContext) => Promise<PollResult> | PollResult = () => ({
    deliveries: [],
    more: false,
  });

  connector(overrides: Partial<Poller> = {}): Connector {
    return {
      ...testConnector,
      manifest: { ...testConnector.manifest, id: 'polled' },
      poll: {
        subject: 'feed',
        interval: { minMs: 20, maxMs: 160 },
        ...overrides,
        poll: async (request, call) => {
          this.asked.push(request);
          return this.answer(request, call);
        },
      },
    };
  }
}

/** The test connector with files: its payloads, by folder or SFTP. */
export const fileConnector: Connector = {
  ...testConnector,
  manifest: { ...testConnector.manifest, id: 'dropped', transports: ['http', 'file', 'sftp'] },
};

/** A scan of a parcel of the carrier `polled`. */
export function scanOf(
  number: string,
  seq: number,
  milestone: 'IN_TRANSIT' | 'DELIVERED' = 'IN_TRANSIT',
): FactDraft {
  const eventTime = new Date(Date.UTC(2026, 0, 1) + seq * 1000).toISOString();
  return {
    type: 'org.reroute.shipment.milestone.v1',
    dedupKey: `${number}:${seq}`,
    data: {
      time: {
        eventTime,
        eventTimeZoneOffset: '+00:00',
        recordTime: eventTime,
        timeClassifier: 'ACTUAL',
        timeConfidence: 'SOURCE_OFFSET',
      },
      identifiers: { trackingNumber: [{ carrier: 'polled', value: number }] },
      milestone,
    },
  };
}

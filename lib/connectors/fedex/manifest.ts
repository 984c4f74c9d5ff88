import { z } from 'zod';
import type { ConnectorManifest } from '../kit/connector';
import { referenceSettings } from '../kit/reference';

export const manifest: ConnectorManifest = {
  id: 'fedex',
  title: 'FedEx',
  vendor: 'FedEx',
  kinds: ['carrier'],
  apiVersion: 'Track v1, Ship v1, Address Validation v1, Pickup v1, Advanced Integrated Visibility webhook',
  reference: 'https://developer.fedex.com/api/en-us/catalog/track/v1/docs.html',
  settings: z.object({
    accountNumber: z
      .string()
      .min(1)
      .max(20)
      .optional()
      .describe('FedEx account number; needed for labels and pickups'),
    senderCountryCode: z
      .string()
      .length(2)
      .default('US')
      .describe('Country shipments are sent from, ISO 3166'),
    pickupType: z
      .enum(['USE_SCHEDULED_PICKUP', 'CONTACT_FEDEX_TO_SCHEDULE', 'DROPOFF_AT_FEDEX_LOCATION'])
      .default('USE_SCHEDULED_PICKUP')
      .describe('How shipments get to FedEx'),
    customsPurpose: z
      .enum(['SOLD', 'NOT_SOLD', 'GIFT', 'SAMPLE', 'REPAIR_AND_RETURN', 'PERSONAL_EFFECTS'])
      .default('SOLD')
      .describe('Purpose of shipments across customs borders'),
    pickupCompany: z
      .enum(['FDXE', 'FDXG'])
      .default('FDXE')
      .describe('Who collects: FDXE Express, FDXG Ground'),
    ...referenceSettings,
  }),
  secrets: [
    { name: 'clientId', title: 'API key', required: false, description: 'Needed for outbound calls' },
    { name: 'clientSecret', title: 'Secret key', required: false, description: 'Needed for outbound calls' },
    {
      name: 'webhookSecret',
      title: 'Security token of the webhook',
      required: false,
      description: 'Security token of the Advanced Integrated Visibility project; FedEx signs with it',
    },
    {
      name: 'inboundToken',
      title: 'Inbound token',
      required: false,
      description: 'Bearer token that whoever else pushes Track answers to us sends',
    },
  ],
  limits: {
    ratePerSecond: 20,
    concurrency: 8,
    timeoutMs: 20_000,
    maxBodyBytes: 4_194_304,
    inboundPerSecond: 5000,
  },
  mappingVersion: '1.0.0',
  payloadVersion: {
    at: 'the namespace of a `TrackReply` (http://fedex.com/ws/track/v7); the JSON of Track v1 and of the webhook carries none',
    reads: 'v5 to v20',
  },
  noRateLimitHeaders: 'FedEx documents quotas and rates and answers 429 with a sentence, without a header',
  absent: {
    intercept:
      'the catalog lists a Redirect Shipment to Hold Location API (United States), but its request and answer stand on no page that can be read without an account',
    fileClaim: 'FedEx documents no public REST call for claims',
  },
};

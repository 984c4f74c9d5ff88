import { z } from 'zod';
import type { ConnectorManifest } from '../kit/connector';
import { referenceSettings } from '../kit/reference';

export const manifest: ConnectorManifest = {
  id: 'ups',
  title: 'UPS',
  vendor: 'UPS',
  kinds: ['carrier'],
  apiVersion:
    'Track v1, Track Alert v1, Shipping v2409, Address Validation v2, Pickup v2409, Delivery Intercept v2',
  reference: 'https://github.com/UPS-API/api-documentation',
  settings: z.object({
    shipperNumber: z
      .string()
      .length(6)
      .optional()
      .describe('Six-character shipper account; needed for labels and pickups'),
    transactionSource: z
      .string()
      .min(1)
      .max(512)
      .default('reroute')
      .describe('How this client names itself to UPS'),
    pickupPayment: z
      .enum(['00', '01'])
      .default('01')
      .describe('How pickups are paid: 01 by the shipper account, 00 where they are free'),
    contactName: z.string().min(1).max(30).optional().describe('Who asks for intercepts; needed for them'),
    contactPhone: z
      .string()
      .max(20)
      .optional()
      .describe('Phone of the same, with country code (+1...); needed for intercepts'),
    ...referenceSettings,
  }),
  secrets: [
    { name: 'clientId', title: 'Client id', required: false, description: 'Needed for outbound calls' },
    {
      name: 'clientSecret',
      title: 'Client secret',
      required: false,
      description: 'Needed for outbound calls',
    },
    {
      name: 'webhookCredential',
      title: 'Track Alert credential',
      required: true,
      description: 'The credential given when subscribing; UPS sends it back in the header "credential"',
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
    none: 'Track answers, Track Alert messages and the older XML name no version of the API; it stands in the path of the call',
  },
  noRateLimitHeaders: 'UPS documents 429 and no header',
  absent: {
    fileClaim: 'UPS publishes no API for claims',
  },
};

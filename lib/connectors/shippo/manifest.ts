import { z } from 'zod';
import type { ConnectorManifest } from '../kit/connector';
import { referenceSettings } from '../kit/reference';

export const manifest: ConnectorManifest = {
  id: 'shippo',
  title: 'Shippo',
  vendor: 'Shippo',
  kinds: ['carrier'],
  apiVersion: '2018-02-08',
  reference: 'https://docs.goshippo.com',
  settings: z.object({
    ...referenceSettings,
    carrier: z
      .string()
      .max(60)
      .optional()
      .describe('Carrier token, e.g. usps, for numbers that are tracked or polled without one'),
    testEvents: z.boolean().default(false).describe('Take deliveries of test mode for facts'),
  }),
  secrets: [
    {
      name: 'webhookSecret',
      title: 'Webhook HMAC secret',
      required: false,
      description: 'The secret that Shippo has enabled for this account; every delivery must then be signed',
    },
    {
      name: 'webhookToken',
      title: 'Webhook token',
      required: false,
      description: 'The value of ?token= in the webhook URL, for accounts without HMAC',
    },
    {
      name: 'apiToken',
      title: 'API token',
      required: false,
      description: 'Needed for outbound calls and polling',
    },
  ],
  limits: {
    ratePerSecond: 5,
    concurrency: 4,
    timeoutMs: 60_000,
    maxBodyBytes: 4_194_304,
    inboundPerSecond: 2000,
  },
  mappingVersion: '1.0.0',
  payloadVersion: {
    none: 'a webhook holds `event`, `test` and `data`; no header for its version could be verified, it is chosen in the settings of the account',
  },
  noRateLimitHeaders: 'Shippo documents limits by endpoint and answers 429 without a header that it names',
  absent: {
    cancelPickup: 'its OpenAPI description has no call that cancels a pickup: the carrier is called',
    intercept: 'its OpenAPI description has no call that stops or redirects a parcel',
    fileClaim: 'its OpenAPI description has no call for claims: the insurer takes them',
  },
};

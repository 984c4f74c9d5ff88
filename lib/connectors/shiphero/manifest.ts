import { z } from 'zod';
import type { ConnectorManifest } from '../kit/connector';

export const manifest: ConnectorManifest = {
  id: 'shiphero',
  title: 'ShipHero',
  vendor: 'ShipHero',
  kinds: ['wms'],
  apiVersion: 'Public GraphQL API (unversioned)',
  reference: 'https://developer.shiphero.com',
  settings: z.object({
    customerAccountId: z
      .string()
      .min(1)
      .max(100)
      .optional()
      .describe('For 3PL accounts: the customer account that the orders belong to'),
    namespace: z
      .string()
      .min(1)
      .max(90)
      .default('shiphero')
      .describe("Names this account's ids, where several are connected"),
  }),
  secrets: [
    {
      name: 'refreshToken',
      title: 'Refresh token',
      required: false,
      description: 'Exchanged for access tokens; needed for outbound calls and the poller',
    },
    {
      name: 'webhookSecret',
      title: 'Webhook secrets',
      required: true,
      description:
        'shared_signature_secret of the webhook; each webhook has its own: several are separated by spaces',
    },
  ],
  limits: {
    ratePerSecond: 5,
    concurrency: 2,
    timeoutMs: 30_000,
    maxBodyBytes: 4_194_304,
    inboundPerSecond: 500,
  },
  mappingVersion: '1.0.0',
  payloadVersion: { none: 'the public GraphQL API and its webhooks are not versioned' },
  noRateLimitHeaders: 'ShipHero counts credits and states them in the body of an answer',
};

import { z } from 'zod';
import { absentBecause, type ConnectorManifest } from '../kit/connector';

export const manifest: ConnectorManifest = {
  id: 'amazon-spapi',
  title: 'Amazon Selling Partner API',
  vendor: 'Amazon',
  kinds: ['storefront', 'carrier'],
  apiVersion: 'Fulfillment Outbound 2020-07-01, Notifications v1',
  reference: 'https://github.com/amzn/selling-partner-api-models',
  settings: z.object({
    tokenEndpoint: z
      .url()
      .default('https://api.amazon.com')
      .describe('Where Login with Amazon issues access tokens'),
    marketplaceId: z.string().max(30).optional().describe('Marketplace that new fulfilment orders belong to'),
    namespace: z
      .string()
      .min(1)
      .max(60)
      .default('amazon')
      .describe("Names this seller's ids, where several sellers are connected"),
  }),
  secrets: [
    { name: 'clientId', title: 'LWA client id', required: false, description: 'Needed for outbound calls' },
    {
      name: 'clientSecret',
      title: 'LWA client secret',
      required: false,
      description: 'Needed for outbound calls',
    },
    {
      name: 'refreshToken',
      title: 'Refresh token',
      required: false,
      description: 'Of the seller who authorised the app',
    },
    {
      name: 'inboundToken',
      title: 'Inbound token',
      required: true,
      description:
        'What the EventBridge API destination (or the forwarder of the SQS queue) sends in x-api-key',
    },
  ],
  limits: {
    ratePerSecond: 2,
    concurrency: 2,
    timeoutMs: 20_000,
    maxBodyBytes: 4_194_304,
    inboundPerSecond: 1000,
  },
  mappingVersion: '1.0.0',
  payloadVersion: {
    at: '`PayloadVersion` (`payloadVersion`) of the notification',
    reads: '1.0, and 2026-01-30 of FULFILLMENT_ORDER_STATUS where it is named so',
  },
  absent: {
    ...absentBecause(
      'Amazon ships orders of Multi-Channel Fulfillment itself; buying labels is the Shipping API, another product',
      'createLabel',
      'voidLabel',
      'validateAddress',
      'bookPickup',
      'cancelPickup',
      'intercept',
      'fileClaim',
    ),
  },
};

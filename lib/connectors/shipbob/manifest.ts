import { z } from 'zod';
import type { ConnectorManifest } from '../kit/connector';

export const apiVersions = ['2026-01', '2026-07'] as const;

export const manifest: ConnectorManifest = {
  id: 'shipbob',
  title: 'ShipBob',
  vendor: 'ShipBob',
  kinds: ['wms'],
  apiVersion: apiVersions.join(', '),
  reference: 'https://developer.shipbob.com',
  settings: z.object({
    apiVersion: z.enum(apiVersions).default('2026-01').describe('Version of the API that is called'),
    channelId: z
      .string()
      .regex(/^\d{1,12}$/)
      .optional()
      .describe('Channel that new orders belong to; needed for releaseToWarehouse and cancelOrder'),
    shippingMethod: z
      .string()
      .min(1)
      .max(100)
      .default('Standard')
      .describe("Shipping method of new orders, as the merchant's ship option mapping names it"),
    namespace: z
      .string()
      .min(1)
      .max(90)
      .default('shipbob')
      .describe("Names this merchant's ids, where several are connected"),
  }),
  secrets: [
    {
      name: 'token',
      title: 'Access token',
      required: false,
      description: 'Personal access token; sent as bearer token',
    },
    {
      name: 'webhookSecret',
      title: 'Webhook secret',
      required: true,
      description: 'Secret of the subscription (whsec_...); signs every delivery',
    },
  ],
  limits: {
    ratePerSecond: 2,
    concurrency: 2,
    timeoutMs: 20_000,
    maxBodyBytes: 4_194_304,
    inboundPerSecond: 500,
  },
  mappingVersion: '1.0.0',
  payloadVersion: {
    none: 'the version of a subscription is chosen when it is made; neither headers nor body repeat it',
  },
};

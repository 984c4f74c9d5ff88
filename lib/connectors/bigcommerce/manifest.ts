import { z } from 'zod';
import type { ConnectorManifest } from '../kit/connector';

export const manifest: ConnectorManifest = {
  id: 'bigcommerce',
  title: 'BigCommerce',
  vendor: 'BigCommerce',
  kinds: ['storefront'],
  apiVersion: 'Orders V2, Webhooks V3',
  reference: 'https://github.com/bigcommerce/docs',
  settings: z.object({
    namespace: z
      .string()
      .min(1)
      .max(90)
      .default('bigcommerce')
      .describe("Names this store's ids, where several stores are connected"),
  }),
  secrets: [
    {
      name: 'accessToken',
      title: 'API account token',
      required: false,
      description: 'Sent as X-Auth-Token; needed for outbound calls and the poller',
    },
    {
      name: 'inboundToken',
      title: 'Webhook token',
      required: true,
      description: 'Value of the header X-Reroute-Token that the webhooks are created with',
    },
  ],
  limits: {
    ratePerSecond: 5,
    concurrency: 4,
    timeoutMs: 20_000,
    maxBodyBytes: 4_194_304,
    inboundPerSecond: 1000,
  },
  mappingVersion: '1.0.0',
  payloadVersion: {
    none: 'a webhook names its `scope` and the id of what changed, and an answer of the API holds orders or shipments alone; neither has a member for a version',
  },
};

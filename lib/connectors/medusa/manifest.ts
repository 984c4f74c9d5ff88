import { z } from 'zod';
import type { ConnectorManifest } from '../kit/connector';

export const manifest: ConnectorManifest = {
  id: 'medusa',
  title: 'Medusa',
  vendor: 'Medusa',
  kinds: ['storefront', 'wms'],
  apiVersion: 'Admin API v2',
  reference: 'https://docs.medusajs.com/api/admin',
  settings: z.object({
    namespace: z
      .string()
      .min(1)
      .max(90)
      .default('medusa')
      .describe("Names this shop's ids, where several shops are connected"),
  }),
  secrets: [
    {
      name: 'apiKey',
      title: 'Secret API key',
      required: false,
      description: 'Sent as the user name of basic authentication; needed for outbound calls and the poller',
    },
    {
      name: 'inboundToken',
      title: 'Inbound token',
      required: true,
      description: 'What a subscriber that forwards events sends as Authorization: Bearer',
    },
  ],
  limits: {
    ratePerSecond: 20,
    concurrency: 8,
    timeoutMs: 20_000,
    maxBodyBytes: 8_388_608,
    inboundPerSecond: 1000,
  },
  mappingVersion: '1.0.0',
  payloadVersion: {
    none: 'events and answers of the Admin API hold the resource alone; the shop runs one major version',
  },
  noRateLimitHeaders: 'a shop runs its own Medusa, which limits nothing by itself',
};

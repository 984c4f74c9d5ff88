import { z } from 'zod';
import type { ConnectorManifest } from '../kit/connector';

/** Versions whose payloads and operations are the same for everything read or sent here. */
export const apiVersions = ['2025-10', '2026-01', '2026-04', '2026-07', '2026-10'] as const;

export const manifest: ConnectorManifest = {
  id: 'shopify',
  title: 'Shopify',
  vendor: 'Shopify',
  kinds: ['storefront'],
  apiVersion: `Admin API ${apiVersions[0]} to ${apiVersions.at(-1)}`,
  reference: 'https://shopify.dev/docs/api/admin-graphql',
  settings: z.object({
    apiVersion: z.enum(apiVersions).default('2026-07').describe('Version of the Admin API that is called'),
    namespace: z
      .string()
      .min(1)
      .max(90)
      .default('shopify')
      .describe("Names this shop's ids, where several shops are connected"),
  }),
  secrets: [
    {
      name: 'accessToken',
      title: 'Admin API access token',
      required: false,
      description: 'Sent as X-Shopify-Access-Token; needed for outbound calls',
    },
    {
      name: 'clientSecret',
      title: 'Client secret of the app',
      required: true,
      description: 'Signs every webhook (X-Shopify-Hmac-SHA256)',
    },
  ],
  limits: {
    ratePerSecond: 10,
    concurrency: 4,
    timeoutMs: 15_000,
    maxBodyBytes: 4_194_304,
    inboundPerSecond: 2000,
  },
  mappingVersion: '1.0.0',
  payloadVersion: {
    at: 'the header `X-Shopify-API-Version`',
    reads: 'the versions of the manifest; a payload without the header is read',
  },
};

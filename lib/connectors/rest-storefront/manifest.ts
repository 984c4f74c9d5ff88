import { z } from 'zod';
import type { ConnectorManifest } from '../kit/connector';

export const manifest: ConnectorManifest = {
  id: 'rest-storefront',
  title: 'Storefront (REST)',
  vendor: 'any',
  kinds: ['storefront'],
  apiVersion: '1',
  reference: 'docs/partner-rest.md',
  settings: z.object({}),
  secrets: [{ name: 'token', title: 'Bearer token', required: true, description: 'Sent with every call' }],
  limits: {
    ratePerSecond: 20,
    concurrency: 8,
    timeoutMs: 10_000,
    maxBodyBytes: 262_144,
    inboundPerSecond: 200,
  },
  mappingVersion: '1.0.0',
};

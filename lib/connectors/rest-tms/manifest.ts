import { z } from 'zod';
import type { ConnectorManifest } from '../kit/connector';

export const manifest: ConnectorManifest = {
  id: 'rest-tms',
  title: 'Transport management (REST)',
  vendor: 'any',
  kinds: ['tms'],
  apiVersion: '1',
  reference: 'docs/partner-rest.md',
  settings: z.object({}),
  secrets: [
    { name: 'token', title: 'Bearer token', required: true, description: 'Sent with every call' },
    {
      name: 'webhookSecret',
      title: 'Webhook secret',
      required: true,
      description: 'HMAC-SHA256 key of the webhooks',
    },
  ],
  limits: {
    ratePerSecond: 20,
    concurrency: 8,
    timeoutMs: 15_000,
    maxBodyBytes: 262_144,
    inboundPerSecond: 500,
  },
  mappingVersion: '1.0.0',
  payloadVersion: {
    none: 'an event of docs/partner-rest.md has no member for its version: a new version is another path',
  },
};

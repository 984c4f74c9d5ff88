import { z } from 'zod';
import type { ConnectorManifest } from '../kit/connector';

export const manifest: ConnectorManifest = {
  id: 'webhook-out',
  title: 'Webhook (Standard Webhooks)',
  vendor: 'any',
  kinds: ['desk'],
  apiVersion: 'Standard Webhooks 1.0.0',
  reference: 'https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md',
  settings: z.object({
    path: z.string().max(500).regex(/^\//).default('/').describe('Path below the endpoint'),
    eventPrefix: z
      .string()
      .max(60)
      .regex(/^[A-Za-z0-9_.]+$/)
      .default('reroute')
      .describe('First word of every event type'),
  }),
  secrets: [
    {
      name: 'signingSecret',
      title: 'Signing secret',
      required: true,
      description: '24 to 64 random bytes in base64 after "whsec_"; during a rotation both keys sign',
    },
  ],
  limits: {
    ratePerSecond: 20,
    concurrency: 8,
    timeoutMs: 20_000,
    maxBodyBytes: 65_536,
    inboundPerSecond: 10,
  },
  mappingVersion: '1.0.0',
};

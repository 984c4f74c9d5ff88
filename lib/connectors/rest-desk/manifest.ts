import { z } from 'zod';
import type { ConnectorManifest } from '../kit/connector';

export const manifest: ConnectorManifest = {
  id: 'rest-desk',
  title: 'Service desk and CRM (REST)',
  vendor: 'any',
  kinds: ['desk'],
  apiVersion: '1',
  reference: 'docs/partner-rest.md',
  settings: z.object({}),
  secrets: [{ name: 'token', title: 'Bearer token', required: true, description: 'Sent with every call' }],
  limits: {
    ratePerSecond: 10,
    concurrency: 4,
    timeoutMs: 10_000,
    maxBodyBytes: 262_144,
    inboundPerSecond: 100,
  },
  mappingVersion: '1.0.0',
};

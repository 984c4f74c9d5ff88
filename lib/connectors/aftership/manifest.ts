import { z } from 'zod';
import type { ConnectorManifest } from '../kit/connector';
import { referenceSettings } from '../kit/reference';

export const manifest: ConnectorManifest = {
  id: 'aftership',
  title: 'AfterShip Tracking',
  vendor: 'AfterShip',
  kinds: ['carrier'],
  apiVersion: '2025-01',
  reference: 'https://www.aftership.com/docs/tracking/2025-01',
  settings: z.object({ ...referenceSettings }),
  secrets: [
    {
      name: 'webhookSecret',
      title: 'Webhook secret',
      required: true,
      description: 'The webhook secret of the AfterShip account; signs every delivery',
    },
    {
      name: 'apiKey',
      title: 'API key',
      required: false,
      description: 'Needed for outbound calls and polling',
    },
  ],
  limits: {
    ratePerSecond: 5,
    concurrency: 4,
    timeoutMs: 30_000,
    maxBodyBytes: 8_388_608,
    inboundPerSecond: 2000,
  },
  mappingVersion: '1.0.0',
};

import { z } from 'zod';
import { absentBecause, type ConnectorManifest } from '../kit/connector';
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
  payloadVersion: {
    none: "a webhook holds `ts`, `event`, `event_id` and `msg` and nothing else; its version is chosen in AfterShip's settings, and what the versions call differently is read in both forms",
  },
  absent: {
    ...absentBecause(
      'AfterShip Tracking follows shipments and changes none',
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

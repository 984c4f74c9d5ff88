import { z } from 'zod';
import { absentBecause, type ConnectorManifest } from '../kit/connector';
import { referenceSettings } from '../kit/reference';

export const manifest: ConnectorManifest = {
  id: 'terminal49',
  title: 'Terminal49',
  vendor: 'Terminal49',
  kinds: ['tms', 'carrier'],
  apiVersion: 'API v2, webhook notifications',
  reference: 'https://terminal49.com/docs/api-docs/webhooks/overview',
  settings: z.object({ ...referenceSettings }),
  secrets: [
    {
      name: 'webhookSecret',
      title: 'Webhook secret',
      required: true,
      description: 'Signs every delivery (X-T49-Webhook-Signature)',
    },
  ],
  limits: {
    ratePerSecond: 2,
    concurrency: 2,
    timeoutMs: 20_000,
    maxBodyBytes: 2_097_152,
    inboundPerSecond: 500,
  },
  mappingVersion: '1.0.0',
  payloadVersion: {
    none: 'a notification is a JSON:API document without a version; it stands in the path of the API',
  },
  absent: {
    ...absentBecause(
      'Terminal49 watches containers of others, by ids of its own, and changes none',
      'createLabel',
      'voidLabel',
      'track',
      'validateAddress',
      'bookPickup',
      'cancelPickup',
      'intercept',
      'fileClaim',
    ),
  },
};

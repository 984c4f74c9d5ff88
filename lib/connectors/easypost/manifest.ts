import { z } from 'zod';
import type { ConnectorManifest } from '../kit/connector';
import { referenceSettings } from '../kit/reference';

export const manifest: ConnectorManifest = {
  id: 'easypost',
  title: 'EasyPost',
  vendor: 'EasyPost',
  kinds: ['carrier'],
  apiVersion: 'v2',
  reference: 'https://docs.easypost.com/docs',
  settings: z.object({ ...referenceSettings }),
  secrets: [
    { name: 'apiKey', title: 'API key', required: false, description: 'Needed for outbound calls' },
    {
      name: 'webhookSecret',
      title: 'Webhook secret',
      required: true,
      description: 'The webhook_secret of the EasyPost webhook; signs every delivery',
    },
  ],
  limits: {
    ratePerSecond: 5,
    concurrency: 4,
    timeoutMs: 30_000,
    maxBodyBytes: 4_194_304,
    inboundPerSecond: 2000,
  },
  mappingVersion: '1.0.0',
  payloadVersion: {
    none: 'an Event has no member for a version, and EasyPost has published one version of its API',
  },
  noRateLimitHeaders: 'EasyPost documents 429 with a backoff of our own and no header',
  absent: {
    intercept: 'EasyPost has no call that stops or redirects a parcel',
  },
};

import { z } from 'zod';
import type { ConnectorManifest } from '../kit/connector';
import { referenceSettings } from '../kit/reference';

export const manifest: ConnectorManifest = {
  id: 'sendcloud',
  title: 'Sendcloud',
  vendor: 'Sendcloud',
  kinds: ['carrier'],
  apiVersion: 'v2',
  reference: 'https://sendcloud.dev/api/v2',
  settings: z.object({
    ...referenceSettings,
    senderAddress: z
      .int()
      .positive()
      .optional()
      .describe(
        'Id of the sender address that labels are sent from; that of the account where it is left out',
      ),
  }),
  secrets: [
    {
      name: 'webhookKey',
      title: 'Webhook signature key',
      required: true,
      description: "The integration's secret key, or its webhook signature key; signs every delivery",
    },
    {
      name: 'publicKey',
      title: 'Public key',
      required: false,
      description: 'Needed for outbound calls and polling',
    },
    {
      name: 'secretKey',
      title: 'Secret key',
      required: false,
      description: 'Needed for outbound calls and polling',
    },
  ],
  limits: {
    ratePerSecond: 5,
    concurrency: 4,
    timeoutMs: 60_000,
    maxBodyBytes: 4_194_304,
    inboundPerSecond: 1000,
  },
  mappingVersion: '1.0.0',
  payloadVersion: {
    none: 'a webhook holds `action`, `timestamp` and `parcel`; the version stands in the path of the API',
  },
  noRateLimitHeaders: 'the reference of API v2 names none',
  absent: {
    validateAddress: 'API v2 checks an address only while a parcel is announced',
    intercept: 'API v2 has no call that stops or redirects a parcel',
    fileClaim: 'claims are filed in the panel, API v2 has no call for them',
  },
};

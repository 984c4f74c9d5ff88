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
};

import { z } from 'zod';
import type { ConnectorManifest } from '../kit/connector';
import { referenceSettings } from '../kit/reference';

export const manifest: ConnectorManifest = {
  id: 'shipengine',
  title: 'ShipEngine (ShipStation API)',
  vendor: 'ShipEngine',
  kinds: ['carrier'],
  apiVersion: 'v1',
  reference: 'https://docs.shipstation.com/apis/shipengine/docs',
  settings: z.object({
    ...referenceSettings,
    carrierId: z.string().max(25).optional().describe('Carrier account (se-...) for labels that name none'),
    carrierCode: z
      .string()
      .max(60)
      .optional()
      .describe('Carrier code, e.g. stamps_com, for numbers that are tracked or polled without one'),
  }),
  secrets: [
    {
      name: 'webhookKeys',
      title: 'Webhook keys',
      required: true,
      description:
        'Public keys of the signatures: the JWKS of https://api.shipengine.com/jwks as JSON, or one key as PEM; during a rotation the set before it too',
    },
    {
      name: 'apiKey',
      title: 'API key',
      required: false,
      description: 'Needed for outbound calls and polling',
    },
  ],
  limits: {
    ratePerSecond: 3,
    concurrency: 4,
    timeoutMs: 60_000,
    maxBodyBytes: 4_194_304,
    inboundPerSecond: 2000,
  },
  mappingVersion: '1.0.0',
  payloadVersion: {
    at: 'the path in `resource_url` of a webhook (/v1/tracking); answers to calls carry none',
    reads: 'v1',
  },
  absent: {
    intercept: 'its OpenAPI description has no call that stops or redirects a parcel',
    fileClaim: 'its OpenAPI description has no call for claims: the insurer takes them',
  },
};

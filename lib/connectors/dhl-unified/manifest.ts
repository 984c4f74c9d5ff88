import { z } from 'zod';
import { absentBecause, type ConnectorManifest } from '../kit/connector';
import { referenceSettings } from '../kit/reference';

/** Services of the Unified API (`service` of a shipment). */
export const services = [
  'dgf',
  'dsc',
  'ecommerce',
  'ecommerce-europe',
  'ecommerce-ppl',
  'express',
  'freight',
  'parcel-de',
  'parcel-nl',
  'parcel-pl',
  'parcel-uk',
  'post-de',
  'sameday',
  'svb',
] as const;

export const manifest: ConnectorManifest = {
  id: 'dhl-unified',
  title: 'DHL Shipment Tracking - Unified',
  vendor: 'DHL Group',
  kinds: ['carrier'],
  apiVersion: 'Shipment Tracking - Unified v1, Push v1',
  reference: 'https://developer.dhl.com/api-reference/shipment-tracking',
  settings: z.object({
    service: z
      .enum(services)
      .optional()
      .describe('The only DHL service that numbers are looked up in; all of them where it is left out'),
    ...referenceSettings,
  }),
  secrets: [
    {
      name: 'apiKey',
      title: 'API key',
      required: false,
      description: 'Needed for outbound calls (DHL-API-Key)',
    },
    {
      name: 'inboundToken',
      title: 'Push token',
      required: false,
      description:
        'Token of the push subscription (hook.authentication: type ApiKeyAuthentication, header x-inbound-token)',
    },
  ],
  limits: {
    ratePerSecond: 1,
    concurrency: 1,
    timeoutMs: 20_000,
    maxBodyBytes: 4_194_304,
    inboundPerSecond: 5000,
  },
  mappingVersion: '1.0.0',
  payloadVersion: {
    none: 'answers and pushed messages hold shipments alone; the version stands in the path of the call',
  },
  noRateLimitHeaders: 'DHL documents a quota a day and a pause between calls, and no header for either',
  absent: {
    ...absentBecause(
      'the Unified API only tracks',
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

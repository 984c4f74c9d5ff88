import { z } from 'zod';
import { absentBecause, type ConnectorManifest } from '../kit/connector';

const kinds = z.enum(['orderNumber', 'shipmentId', 'deliveryId', 'proNumber', 'bolNumber']);

export const manifest: ConnectorManifest = {
  id: 'project44',
  title: 'project44',
  vendor: 'project44',
  kinds: ['tms', 'carrier'],
  apiVersion: 'API v4, tracking history',
  reference: 'https://developers.project44.com/api-reference/webhook-guide',
  settings: z.object({
    identifierTypes: z
      .record(z.string().max(100), kinds)
      .default({ BILL_OF_LADING: 'bolNumber', BOOKING_NUMBER: 'shipmentId', AIR_WAYBILL: 'shipmentId' })
      .describe("What the types of a shipment's identifiers name; types that are not listed are left out"),
  }),
  secrets: [
    {
      name: 'webhookKey',
      title: 'Key of the webhook',
      required: true,
      description:
        'Given when the webhook is configured: as API_KEY in the header x-api-key, or as the password of BASIC',
    },
    { name: 'clientId', title: 'OAuth client id', required: false, description: 'For outbound calls' },
    {
      name: 'clientSecret',
      title: 'OAuth client secret',
      required: false,
      description: 'For outbound calls',
    },
  ],
  limits: {
    ratePerSecond: 5,
    concurrency: 4,
    timeoutMs: 20_000,
    maxBodyBytes: 8_388_608,
    inboundPerSecond: 500,
  },
  mappingVersion: '1.0.0',
  payloadVersion: {
    none: 'a push is the tracking history of a shipment and names no version; it stands in the path of the subscription',
  },
  noRateLimitHeaders: 'project44 documents 429 and no header',
  absent: {
    ...absentBecause(
      'project44 watches shipments of others, by ids of its own, and changes none',
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

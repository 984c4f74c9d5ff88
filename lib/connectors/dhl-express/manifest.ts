import { z } from 'zod';
import { incoterms } from '../../model/fact';
import type { ConnectorManifest } from '../kit/connector';
import { referenceSettings } from '../kit/reference';

export const manifest: ConnectorManifest = {
  id: 'dhl-express',
  title: 'DHL Express (MyDHL API)',
  vendor: 'DHL Express',
  kinds: ['carrier'],
  apiVersion: 'MyDHL API 3.1.1; XML Services TrackingResponse',
  reference: 'https://developer.dhl.com/api-reference/dhl-express-mydhl-api',
  settings: z.object({
    accountNumber: z
      .string()
      .min(1)
      .max(12)
      .optional()
      .describe('DHL Express account of the shipper; needed for labels and pickups'),
    requestorName: z
      .string()
      .min(1)
      .max(60)
      .default('Shipping desk')
      .describe('Who cancels pickups; DHL asks for a name'),
    contents: z
      .string()
      .min(1)
      .max(70)
      .optional()
      .describe('What shipments contain, for labels whose order does not say'),
    incoterm: z.enum(incoterms).default('DAP').describe('Incoterm of labels whose order does not say'),
    exportReason: z
      .enum(['permanent', 'temporary', 'return', 'commercial_purpose_or_sale', 'sample', 'gift'])
      .default('commercial_purpose_or_sale')
      .describe('Reason of exports across customs borders'),
    ...referenceSettings,
  }),
  secrets: [
    { name: 'apiKey', title: 'API user name', required: false, description: 'Needed for outbound calls' },
    { name: 'apiSecret', title: 'API password', required: false, description: 'Needed for outbound calls' },
    {
      name: 'inboundToken',
      title: 'Inbound token',
      required: false,
      description: 'Bearer token that whoever pushes tracking answers to us sends',
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
    none: 'the answers name neither the version of the MyDHL API nor that of the XML services, whose one namespace is http://www.dhl.com',
  },
  noRateLimitHeaders: 'DHL Express documents 429 and no header beside it',
  absent: {
    voidLabel: 'the MyDHL API deletes no shipment: one that is never handed over is not charged',
    intercept: 'On Demand Delivery, where receivers redirect, has no change of a shipment in this API',
    fileClaim: 'DHL documents no public call for claims',
  },
};

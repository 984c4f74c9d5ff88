import { z } from 'zod';
import { absentBecause, type ConnectorManifest } from '../kit/connector';

export const manifest: ConnectorManifest = {
  id: 'opentripmodel',
  title: 'Open Trip Model',
  vendor: 'any (SUTC)',
  kinds: ['tms', 'carrier'],
  apiVersion: 'OTM 5 (5.6)',
  reference: 'https://www.opentripmodel.org/docs/fundamentals/overview',
  settings: z.object({
    orderAttribute: z
      .string()
      .max(100)
      .optional()
      .describe('Name of the external attribute of a consignment that holds our order number'),
  }),
  secrets: [
    {
      name: 'pushToken',
      title: 'Bearer token',
      required: true,
      description: 'That the sender authenticates with',
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
    none: 'OTM 5 has no member for its version: an event names `eventType` and its entities',
  },
  absent: {
    ...absentBecause(
      'OTM tells events of transport; its specification has no calls that act',
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

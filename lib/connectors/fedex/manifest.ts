import { z } from 'zod';
import type { ConnectorManifest } from '../kit/connector';
import { referenceSettings } from '../kit/reference';

export const manifest: ConnectorManifest = {
  id: 'fedex',
  title: 'FedEx',
  vendor: 'FedEx',
  kinds: ['carrier'],
  apiVersion: 'Track v1, Ship v1',
  reference: 'https://developer.fedex.com/api/en-us/catalog/track/v1/docs.html',
  settings: z.object({
    accountNumber: z.string().min(1).max(20).optional().describe('FedEx account number; needed to cancel'),
    senderCountryCode: z
      .string()
      .length(2)
      .default('US')
      .describe('Country shipments are sent from, ISO 3166'),
    ...referenceSettings,
  }),
  secrets: [
    { name: 'clientId', title: 'API key', required: false, description: 'Needed for outbound calls' },
    { name: 'clientSecret', title: 'Secret key', required: false, description: 'Needed for outbound calls' },
    {
      name: 'inboundToken',
      title: 'Inbound token',
      required: true,
      description: 'Bearer token that whoever pushes Track answers to us sends',
    },
  ],
  limits: {
    ratePerSecond: 20,
    concurrency: 8,
    timeoutMs: 20_000,
    maxBodyBytes: 4_194_304,
    inboundPerSecond: 5000,
  },
  mappingVersion: '1.0.0',
};

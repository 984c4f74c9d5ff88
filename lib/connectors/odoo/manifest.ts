import { z } from 'zod';
import { absentBecause, type ConnectorManifest } from '../kit/connector';
import { settingsBy } from '../kit/payload';

export const odooSettings = z.object({
  database: z
    .string()
    .regex(/^[\w.-]+$/)
    .default('odoo')
    .describe('Name of the Odoo database'),
  version: z
    .enum(['16', '17', '18', '19'])
    .default('18')
    .describe('Major version of Odoo: some fields have other names in others'),
  protocol: z
    .enum(['jsonrpc', 'json2'])
    .default('jsonrpc')
    .describe('JSON-RPC (up to 21), or the JSON-2 API that replaces it from 19 on'),
});
export type OdooSettings = z.infer<typeof odooSettings>;

export const manifest: ConnectorManifest = {
  id: 'odoo',
  title: 'Odoo',
  vendor: 'Odoo',
  kinds: ['erp', 'wms'],
  apiVersion: '16.0 to 19.0 (external API: JSON-RPC, JSON-2)',
  reference: 'https://www.odoo.com/documentation/18.0/developer/reference/external_api.html',
  settings: odooSettings,
  secrets: [
    {
      name: 'username',
      title: 'Login',
      required: false,
      description: 'Login of an Odoo user for this runtime; for JSON-RPC',
    },
    {
      name: 'apiKey',
      title: 'API key',
      required: true,
      description: 'API key of that user (Preferences, Account Security)',
    },
  ],
  limits: {
    ratePerSecond: 5,
    concurrency: 2,
    timeoutMs: 30_000,
    maxBodyBytes: 1_048_576,
    inboundPerSecond: 50,
  },
  mappingVersion: '1.0.0',
  absent: {
    ...absentBecause(
      'Odoo has no blocks: an order is confirmed or not, and a lock keeps its lines from being changed, not from leaving',
      'setDeliveryBlock',
      'releaseDeliveryBlock',
      'setBillingBlock',
      'releaseBillingBlock',
    ),
    rejectLine: 'Odoo rejects no lines: what is not delivered any more is taken off with changeLineQuantity',
    changeLocation: 'the warehouse is that of the whole order, and is fixed once the order is confirmed',
  },
  payloadVersion: {
    none: 'deliveries are fetched by the connector itself from the version that the partner sets',
  },
  noRateLimitHeaders: 'Odoo documents no limits and no headers of its external API',
};

/** The settings of a call, with defaults filled in. */
export const settingsOf = settingsBy(odooSettings);

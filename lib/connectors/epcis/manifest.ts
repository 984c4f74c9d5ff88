import { z } from 'zod';
import type { ConnectorManifest } from '../kit/connector';
import { settingsBy } from '../kit/payload';

/** Identifier kinds that a business transaction can name. */
export const transactionKinds = [
  'orderNumber',
  'erpSalesOrderId',
  'deliveryId',
  'shipmentId',
  'asnId',
  'bolNumber',
  'proNumber',
] as const;

export const epcisSettings = z.object({
  transactionKinds: z
    .record(z.string(), z.enum([...transactionKinds, 'ignore']))
    .default({})
    .describe(
      'What a business transaction type means here, beyond or instead of po, poc, desadv and bol; the key is the short CBV term or the full URI',
    ),
  transactionNamespace: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .describe(
      'Namespace of order, delivery and shipment numbers; when empty, the GLN or host that stands in the transaction',
    ),
});
export type EpcisSettings = z.infer<typeof epcisSettings>;

/** Settings of a partner with their types. */
export const settingsOf = settingsBy(epcisSettings);

export const manifest: ConnectorManifest = {
  id: 'epcis',
  title: 'Warehouse (GS1 EPCIS)',
  vendor: 'GS1',
  kinds: ['wms'],
  apiVersion: 'EPCIS 2.0, CBV 2.0',
  reference: 'https://ref.gs1.org/standards/epcis/',
  settings: epcisSettings,
  secrets: [
    {
      name: 'inboundToken',
      title: 'Inbound token',
      required: false,
      description: 'Bearer token that deliveries must carry; used when there is no webhook secret',
    },
    {
      name: 'webhookSecret',
      title: 'Webhook secret',
      required: false,
      description:
        'When set, deliveries must be signed: X-Hub-Signature-256: sha256=HEX, HMAC-SHA256 of the raw body',
    },
    {
      name: 'token',
      title: 'Bearer token',
      required: false,
      description: 'Sent with the warehouse calls of docs/partner-rest.md',
    },
  ],
  limits: {
    ratePerSecond: 20,
    concurrency: 8,
    timeoutMs: 10_000,
    maxBodyBytes: 4_194_304,
    inboundPerSecond: 500,
  },
  mappingVersion: '1.0.0',
  payloadVersion: { at: '`schemaVersion` of the document', reads: '2.0' },
};

import { z } from 'zod';
import type { ConnectorManifest } from '../kit/connector';

export const idocSettings = z.object({
  timeZone: z
    .string()
    .optional()
    .describe('IANA time zone of dates and times in the IDocs; UTC, marked as assumed, when empty'),
  namespace: z
    .string()
    .min(1)
    .max(100)
    .default('s4hana')
    .describe('Namespace of document numbers: that of the partner by which the same SAP system is changed'),
  inboundDeliveryTypes: z
    .array(z.string().min(1).max(4))
    .default(['EL'])
    .describe('Delivery types (LFART) that are receipts, not shipments'),
});
export type IdocSettings = z.infer<typeof idocSettings>;

/** Basic types that are read; each version only adds to the one before. */
export const basicTypes: readonly string[] = ['DELVRY03', 'DELVRY04', 'DELVRY05', 'DELVRY06', 'DELVRY07'];

export const manifest: ConnectorManifest = {
  id: 'sap-idoc',
  title: 'SAP IDoc (deliveries)',
  vendor: 'SAP',
  kinds: ['edi'],
  apiVersion: 'DELVRY03 to DELVRY07 (IDoc XML)',
  reference: 'https://help.sap.com/erp2005_ehp_07/helpdata/en/0e/edbf53f106b44ce10000000a174cb4/content.htm',
  settings: idocSettings,
  secrets: [
    {
      name: 'inboundUser',
      title: 'Inbound user',
      required: false,
      description:
        'User of the RFC destination behind the XML-HTTP port; with the password, for basic authentication',
    },
    { name: 'inboundPassword', title: 'Inbound password', required: false, description: 'Its password' },
    {
      name: 'inboundToken',
      title: 'Inbound token',
      required: false,
      description: 'Bearer token, where a middleware delivers the IDocs',
    },
  ],
  limits: {
    ratePerSecond: 1,
    concurrency: 1,
    timeoutMs: 30_000,
    maxBodyBytes: 10_485_760,
    inboundPerSecond: 50,
  },
  mappingVersion: '1.0.0',
  payloadVersion: {
    at: 'IDOCTYP of the control record, and the name of the root element',
    reads: 'DELVRY03 to DELVRY07',
  },
};

/** The settings of a partner, or their defaults. */
export function settingsOf(settings: Readonly<Record<string, unknown>>): IdocSettings {
  const parsed = idocSettings.safeParse(settings);
  return parsed.success ? parsed.data : idocSettings.parse({});
}

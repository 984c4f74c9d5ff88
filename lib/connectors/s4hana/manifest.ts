import { z } from 'zod';
import type { CallContext, ConnectorManifest } from '../kit/connector';
import { mtlsSecrets } from '../kit/credentials';
import { settingsBy } from '../kit/payload';
import { sapAuthentication, sapAuthorizations } from '../kit/sap';

export const s4Settings = z.object({
  authentication: sapAuthentication,
  salesOrderPath: z
    .string()
    .startsWith('/')
    .default('/sap/opu/odata/sap/API_SALES_ORDER_SRV')
    .describe('Path of the sales order service'),
  deliveryPath: z
    .string()
    .startsWith('/')
    .default('/sap/opu/odata/sap/API_OUTBOUND_DELIVERY_SRV;v=0002')
    .describe('Path of the outbound delivery service'),
  attachmentPath: z
    .string()
    .startsWith('/')
    .default('/sap/opu/odata/sap/API_CV_ATTACHMENT_SRV')
    .describe('Path of the attachment service'),
  attachmentObjectType: z
    .string()
    .min(1)
    .max(30)
    .default('BUS2032')
    .describe('Business object type of a sales order in the attachment service'),
  noteTextType: z
    .string()
    .min(1)
    .max(4)
    .optional()
    .describe('Text type (LongTextID) that notes on a sales order go into, as customised in your system'),
  noteLanguage: z
    .string()
    .regex(/^[A-Z]{2}$/)
    .default('EN')
    .describe('Language of notes, two capital letters'),
  sapClient: z
    .string()
    .regex(/^\d{3}$/)
    .optional()
    .describe('SAP client (three digits) when it is not the system default'),
  timeZone: z
    .string()
    .optional()
    .describe('IANA time zone of dates that SAP sends without one; UTC, marked as assumed, when empty'),
  passingMessages: z
    .array(z.string())
    .default([])
    .describe(
      "SAP message codes (class/number, as in error.code) that pass by themselves, such as your system's lock messages: the call is tried again",
    ),
});
export type S4Settings = z.infer<typeof s4Settings>;

export const manifest: ConnectorManifest = {
  id: 's4hana',
  title: 'SAP S/4HANA',
  vendor: 'SAP',
  kinds: ['erp'],
  apiVersion: 'API_SALES_ORDER_SRV 1.0.0, API_OUTBOUND_DELIVERY_SRV 2.1.0, API_CV_ATTACHMENT_SRV (OData v2)',
  reference: 'https://api.sap.com/api/API_SALES_ORDER_SRV/overview',
  settings: s4Settings,
  secrets: [
    ...mtlsSecrets,
    {
      name: 'username',
      title: 'Communication user',
      required: false,
      description:
        'User of the communication arrangement (SAP_COM_0109, SAP_COM_0106); for basic authentication',
    },
    { name: 'password', title: 'Password', required: false, description: 'Its password' },
    {
      name: 'token',
      title: 'Access token',
      required: false,
      description: 'OAuth access token; for bearer authentication',
    },
    {
      name: 'inboundToken',
      title: 'Inbound token',
      required: true,
      description: 'Bearer token that event deliveries must carry',
    },
  ],
  limits: {
    ratePerSecond: 5,
    concurrency: 4,
    timeoutMs: 30_000,
    maxBodyBytes: 1_048_576,
    inboundPerSecond: 200,
  },
  mappingVersion: '1.0.0',
  payloadVersion: { at: 'the end of the CloudEvents `type` (...v1)', reads: 'v1' },
  noRateLimitHeaders: 'SAP documents no limits of these services in their answers',
};

/** The settings of a call, with defaults filled in. */
export const settingsOf = settingsBy(s4Settings);

export const authorizations = (call: CallContext): string[] =>
  sapAuthorizations(call, settingsOf(call.settings).authentication);

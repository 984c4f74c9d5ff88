import { z } from 'zod';
import { absentBecause, type ConnectorManifest } from '../kit/connector';
import { settingsBy } from '../kit/payload';

const entity = z.string().regex(/^[A-Za-z]\w*$/);

export const d365Settings = z.object({
  legalEntity: z
    .string()
    .regex(/^[A-Za-z0-9]{0,4}$/)
    .default('')
    .describe('Legal entity (dataAreaId) whose orders are meant, e.g. usmf'),
  environmentUrl: z
    .string()
    .default('')
    .describe(
      'URL of the environment as the access token names it, e.g. https://contoso.operations.dynamics.com',
    ),
  tokenEndpoint: z
    .string()
    .default('https://login.microsoftonline.com')
    .describe('Host of Microsoft Entra that issues the tokens'),
  tenant: z.string().max(100).default('').describe('Tenant (directory) id or domain in Microsoft Entra'),
  headerEntity: entity.default('SalesOrderHeadersV2').describe('Public name of the entity of order headers'),
  lineEntity: entity.default('SalesOrderLines').describe('Public name of the entity of order lines'),
  attachmentEntity: entity
    .default('SalesOrderHeaderDocumentAttachmentsV2')
    .describe('Public name of the entity of notes and files of order headers'),
  noteType: z
    .string()
    .min(1)
    .max(50)
    .default('Note')
    .describe('Document type of notes, as your environment has it'),
  fileType: z
    .string()
    .min(1)
    .max(50)
    .default('File')
    .describe('Document type of attached files, as your environment has it'),
  orderEvents: z
    .array(z.string().regex(/^\w+=\w+$/))
    .default([])
    .describe(
      'Business events about a sales order, as BusinessEventId=field, where the field holds the order number; see your business event catalog',
    ),
});
export type D365Settings = z.infer<typeof d365Settings>;

export const manifest: ConnectorManifest = {
  id: 'dynamics365',
  title: 'Dynamics 365 Supply Chain Management',
  vendor: 'Microsoft',
  kinds: ['erp'],
  apiVersion:
    'OData v4 data entities SalesOrderHeadersV2, SalesOrderLines and SalesOrderHeaderDocumentAttachmentsV2; business events',
  reference: 'https://learn.microsoft.com/en-us/dynamics365/fin-ops-core/dev-itpro/data-entities/odata',
  settings: d365Settings,
  secrets: [
    {
      name: 'clientId',
      title: 'Client id',
      required: true,
      description: 'Application (client) id that is registered in Microsoft Entra and in the environment',
    },
    { name: 'clientSecret', title: 'Client secret', required: true, description: 'Its client secret' },
    {
      name: 'inboundToken',
      title: 'Inbound token',
      required: false,
      description: 'Bearer token that deliveries of business events must carry',
    },
  ],
  limits: {
    ratePerSecond: 10,
    concurrency: 4,
    timeoutMs: 60_000,
    maxBodyBytes: 1_048_576,
    inboundPerSecond: 200,
  },
  mappingVersion: '1.0.0',
  absent: {
    ...absentBecause(
      'a new line is priced anew by trade agreements, and delivery schedules of a line have no public entity',
      'splitLine',
      'mergeLine',
    ),
    ...absentBecause(
      'Dynamics 365 has one stop for the whole order, which setDeliveryBlock sets; nothing stops invoices alone',
      'setBillingBlock',
      'releaseBillingBlock',
    ),
    rejectLine:
      'the status of a line is read only in the entities; cancelling a rest is an action of the client',
    readDelivery: 'the public names of the packing slip entities could not be verified',
    changeDeliveryQuantity: 'a packing slip is posted; the entities do not change it',
  },
  payloadVersion: {
    none: "`MajorVersion` and `MinorVersion` count changes of a single event of the environment, not of the envelope that is read; the event's own members are named by `orderEvents`",
  },
};

/** The settings of a call, with defaults filled in. */
export const settingsOf = settingsBy(d365Settings);

import { z } from 'zod';
import type { ConnectorManifest } from '../kit/connector';
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
  apiVersion: 'OData v4 data entities SalesOrderHeadersV2 and SalesOrderLines; business events',
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
};

/** The settings of a call, with defaults filled in. */
export const settingsOf = settingsBy(d365Settings);

import { z } from 'zod';
import type { CallContext, ConnectorManifest } from '../kit/connector';
import { mtlsSecrets } from '../kit/credentials';
import { settingsBy } from '../kit/payload';
import { sapAuthentication, sapAuthorizations } from '../kit/sap';

const settings = z.object({
  authentication: sapAuthentication,
  deliveryOrderPath: z
    .string()
    .startsWith('/')
    .default('/sap/opu/odata4/sap/api_warehouse_odo_2/srvd_a2x/sap/warehouseoutbdeliveryorder/0001')
    .describe('Path of the service for outbound delivery orders'),
  stockPath: z
    .string()
    .startsWith('/')
    .default('/sap/opu/odata4/sap/api_whse_availablestock/srvd_a2x/sap/warehouseavailablestock/0001')
    .describe('Path of the service for available stock'),
  sapClient: z
    .string()
    .regex(/^\d{3}$/)
    .optional()
    .describe('SAP client (three digits) when it is not the system default'),
  warehouse: z
    .string()
    .regex(/^[A-Za-z0-9]{1,4}$/)
    .optional()
    .describe('Polls this warehouse only; all that the user may see when empty'),
  stockTypes: z
    .array(z.string().regex(/^[A-Za-z0-9]{1,2}$/))
    .min(1)
    .default(['F2'])
    .describe('Stock types that count as available; F2 is unrestricted use in the warehouse'),
  references: z
    .enum(['warehouse', 'erp'])
    .default('warehouse')
    .describe(
      'What a release is called: the number of the outbound delivery order, or that of the ERP delivery',
    ),
  namespace: z
    .string()
    .min(1)
    .max(90)
    .default('sap-ewm')
    .describe("Names this system's ids, where several are connected"),
  erpNamespace: z
    .string()
    .min(1)
    .max(90)
    .default('s4hana')
    .describe('Names the ids of the ERP that the deliveries come from'),
});
export type EwmSettings = z.infer<typeof settings>;

export const manifest: ConnectorManifest = {
  id: 'sap-ewm',
  title: 'SAP EWM',
  vendor: 'SAP',
  kinds: ['wms'],
  apiVersion: 'WAREHOUSEOUTBDELIVERYORDER_0001, WAREHOUSEAVAILABLESTOCK_0001 (OData v4)',
  reference: 'https://api.sap.com/api/WAREHOUSEOUTBDELIVERYORDER_0001/overview',
  settings,
  secrets: [
    ...mtlsSecrets,
    {
      name: 'username',
      title: 'Communication user',
      required: false,
      description: 'User of the communication arrangement; for basic authentication',
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
      description: 'Bearer token that deliveries of middleware must carry',
    },
  ],
  limits: {
    ratePerSecond: 5,
    concurrency: 4,
    timeoutMs: 30_000,
    maxBodyBytes: 4_194_304,
    inboundPerSecond: 200,
  },
  mappingVersion: '1.0.0',
  payloadVersion: {
    none: 'an OData answer names its service in `@odata.context` relative to the call, without the version of the service',
  },
  noRateLimitHeaders: 'SAP documents no limits of these services in their answers',
};

/** The settings of a call, with defaults filled in. */
export const settingsOf = settingsBy(settings);

export const authorizations = (call: CallContext): string[] =>
  sapAuthorizations(call, settingsOf(call.settings).authentication);

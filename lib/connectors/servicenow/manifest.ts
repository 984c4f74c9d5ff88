import { z } from 'zod';
import type { ConnectorManifest } from '../kit/connector';

export const manifest: ConnectorManifest = {
  id: 'servicenow',
  title: 'ServiceNow',
  vendor: 'ServiceNow',
  kinds: ['desk'],
  apiVersion: 'Table API (now/table)',
  reference: 'https://www.servicenow.com/docs/r/api-reference/rest-apis/c_TableAPI.html',
  settings: z.object({
    table: z
      .enum(['incident', 'sn_customerservice_case'])
      .default('incident')
      .describe('Incidents of IT service management, or cases of customer service management'),
    user: z.string().max(100).optional().describe('User of basic authentication; not needed with OAuth'),
    closeCode: z
      .string()
      .max(100)
      .optional()
      .describe('Resolution code sent with a resolve, where the instance makes it mandatory'),
    assignmentGroup: z.string().max(100).optional().describe('sys_id of the group that gets new tickets'),
    caller: z.string().max(100).optional().describe('sys_id or user name of the caller of new incidents'),
  }),
  secrets: [
    {
      name: 'password',
      title: 'Password',
      required: false,
      description: 'Of the user of basic authentication',
    },
    {
      name: 'clientId',
      title: 'OAuth client id',
      required: false,
      description: 'Instead of user and password',
    },
    {
      name: 'clientSecret',
      title: 'OAuth client secret',
      required: false,
      description: 'The instance must allow the client credentials grant',
    },
  ],
  limits: {
    ratePerSecond: 5,
    concurrency: 4,
    timeoutMs: 30_000,
    maxBodyBytes: 262_144,
    inboundPerSecond: 50,
  },
  mappingVersion: '1.0.0',
};

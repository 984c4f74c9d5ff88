import { z } from 'zod';
import type { ConnectorManifest } from '../kit/connector';

export const manifest: ConnectorManifest = {
  id: 'jira-sm',
  title: 'Jira Service Management',
  vendor: 'Atlassian',
  kinds: ['desk'],
  apiVersion: 'Jira Cloud platform REST API v3',
  reference: 'https://developer.atlassian.com/cloud/jira/platform/rest/v3/intro/',
  settings: z.object({
    email: z.email().optional().describe('Account the API token belongs to; not needed with an OAuth token'),
    project: z.string().min(1).max(50).describe('Key of the service project'),
    issueType: z
      .string()
      .min(1)
      .max(100)
      .default('[System] Service request')
      .describe('Name of the issue type'),
    resolveTransition: z
      .string()
      .max(100)
      .optional()
      .describe(
        'Name of the transition that resolves; the first one to a status of the category Done when empty',
      ),
    reopenTransition: z
      .string()
      .max(100)
      .optional()
      .describe('Name of the transition that reopens; the first one to any other category when empty'),
    resolution: z
      .string()
      .max(100)
      .optional()
      .describe('Name of the resolution to set, where the screen of the transition has that field'),
    withPriority: z.boolean().default(true).describe('False where the project has no priority field'),
  }),
  secrets: [
    {
      name: 'apiToken',
      title: 'API token',
      required: false,
      description: 'With the e-mail address of its account',
    },
    {
      name: 'accessToken',
      title: 'OAuth access token',
      required: false,
      description: 'Instead of the API token',
    },
  ],
  limits: {
    ratePerSecond: 5,
    concurrency: 4,
    timeoutMs: 20_000,
    maxBodyBytes: 262_144,
    inboundPerSecond: 50,
  },
  mappingVersion: '1.0.0',
};

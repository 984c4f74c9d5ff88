import { z } from 'zod';
import type { ConnectorManifest } from '../kit/connector';

export const manifest: ConnectorManifest = {
  id: 'zendesk',
  title: 'Zendesk Support',
  vendor: 'Zendesk',
  kinds: ['desk'],
  apiVersion: 'Ticketing API v2; event webhooks 2022-11-06',
  reference: 'https://developer.zendesk.com/api-reference/ticketing/introduction/',
  settings: z.object({
    email: z.email().optional().describe('Agent the API token belongs to; not needed with an OAuth token'),
    groupId: z.int().positive().optional().describe('Group that gets new tickets'),
    tags: z.array(z.string().max(100)).max(20).default([]).describe('Tags of new tickets'),
  }),
  secrets: [
    {
      name: 'apiToken',
      title: 'API token',
      required: false,
      description: 'With the e-mail address of its agent',
    },
    {
      name: 'accessToken',
      title: 'OAuth access token',
      required: false,
      description: 'Instead of the API token',
    },
    {
      name: 'webhookSecret',
      title: 'Signing secret of the webhook',
      required: false,
      description: 'Needed when ticket changes are received',
    },
  ],
  limits: {
    ratePerSecond: 5,
    concurrency: 4,
    timeoutMs: 20_000,
    maxBodyBytes: 262_144,
    inboundPerSecond: 200,
  },
  mappingVersion: '1.0.0',
  payloadVersion: { at: '`zendesk_event_version` of the event', reads: '2022-11-06' },
};

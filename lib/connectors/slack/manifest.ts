import { z } from 'zod';
import type { ConnectorManifest } from '../kit/connector';

export const manifest: ConnectorManifest = {
  id: 'slack',
  title: 'Slack',
  vendor: 'Slack',
  kinds: ['desk'],
  apiVersion: 'Incoming webhooks; Web API (chat.postMessage, conversations.history)',
  reference: 'https://docs.slack.dev/',
  settings: z.object({
    channel: z
      .string()
      .regex(/^[CGD][A-Z0-9]{5,20}$/)
      .optional()
      .describe('Id of the channel for postMessage; a webhook has its own'),
  }),
  secrets: [
    {
      name: 'webhookPath',
      title: 'Path of the incoming webhook',
      required: false,
      description: 'What follows https://hooks.slack.com; for notify, with that host as the endpoint',
    },
    {
      name: 'botToken',
      title: 'Bot token',
      required: false,
      description:
        'For postMessage, with https://slack.com as the endpoint; scopes chat:write and channels:history',
    },
  ],
  limits: { ratePerSecond: 1, concurrency: 1, timeoutMs: 15_000, maxBodyBytes: 65_536, inboundPerSecond: 10 },
  mappingVersion: '1.0.0',
};

import { z } from 'zod';
import type { ConnectorManifest } from '../kit/connector';

export const manifest: ConnectorManifest = {
  id: 'teams',
  title: 'Microsoft Teams (Workflows)',
  vendor: 'Microsoft',
  kinds: ['desk'],
  apiVersion: 'Workflows webhook, Adaptive Cards 1.4',
  reference:
    'https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using',
  settings: z.object({}),
  secrets: [
    {
      name: 'webhookPath',
      title: 'Path and query of the workflow',
      required: true,
      description:
        'What follows the host in the URL of "When a Teams webhook request is received"; it holds the signature',
    },
  ],
  limits: { ratePerSecond: 1, concurrency: 1, timeoutMs: 30_000, maxBodyBytes: 65_536, inboundPerSecond: 10 },
  mappingVersion: '1.0.0',
};

import { z } from 'zod';
import type { ConnectorManifest } from '../kit/connector';

export const manifest: ConnectorManifest = {
  id: 'request-tracker',
  title: 'Request Tracker',
  vendor: 'Best Practical',
  kinds: ['desk'],
  apiVersion: 'REST 2.0 (RT 5 and 6)',
  reference: 'https://docs.bestpractical.com/rt/latest/RT/REST2.html',
  settings: z.object({
    queue: z.string().min(1).max(200).default('General').describe('Queue that gets new tickets'),
    keyField: z
      .string()
      .min(1)
      .max(200)
      .regex(/^[^{}'"\\]+$/)
      .default('Reroute key')
      .describe('Custom field of the queue ("Enter one value") that holds our key'),
    requestor: z.email().optional().describe('Requestor of new tickets; the user of the token when empty'),
    openStatus: z.string().max(50).default('open').describe('Status of the lifecycle for a reopened ticket'),
    resolvedStatus: z
      .string()
      .max(50)
      .default('resolved')
      .describe('Status of the lifecycle for a resolved ticket'),
    pendingStatuses: z
      .array(z.string().max(50))
      .default(['stalled'])
      .describe('Statuses that wait for somebody'),
    closedStatuses: z
      .array(z.string().max(50))
      .default(['rejected', 'deleted'])
      .describe('Statuses that are final without being resolved'),
  }),
  secrets: [
    { name: 'token', title: 'Auth token', required: true, description: 'Settings, Auth Tokens in RT' },
  ],
  limits: {
    ratePerSecond: 5,
    concurrency: 2,
    timeoutMs: 20_000,
    maxBodyBytes: 262_144,
    inboundPerSecond: 50,
  },
  mappingVersion: '1.0.0',
  noRateLimitHeaders: 'Request Tracker limits nothing by itself',
};

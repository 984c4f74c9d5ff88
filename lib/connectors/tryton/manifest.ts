import { z } from 'zod';
import { absentBecause, type ConnectorManifest } from '../kit/connector';
import { settingsBy } from '../kit/payload';

export const trytonSettings = z.object({
  database: z
    .string()
    .regex(/^[\w.-]+$/)
    .default('tryton')
    .describe('Name of the Tryton database'),
  companyId: z
    .int()
    .positive()
    .optional()
    .describe("Id of the company to work in; the user's current company when empty"),
  language: z
    .string()
    .regex(/^[a-z]{2}(_[A-Z]{2})?$/)
    .default('en')
    .describe('Language of messages, as Tryton codes it'),
});
export type TrytonSettings = z.infer<typeof trytonSettings>;

export const manifest: ConnectorManifest = {
  id: 'tryton',
  title: 'Tryton',
  vendor: 'Tryton Foundation',
  kinds: ['erp'],
  apiVersion: '6.0 (JSON-RPC)',
  reference: 'https://docs.tryton.org/projects/server/en/6.0/topics/rpc.html',
  settings: trytonSettings,
  secrets: [
    {
      name: 'username',
      title: 'User',
      required: true,
      description: 'Login of a Tryton user for this runtime',
    },
    { name: 'password', title: 'Password', required: true, description: 'Its password' },
  ],
  limits: {
    ratePerSecond: 10,
    concurrency: 4,
    timeoutMs: 30_000,
    maxBodyBytes: 1_048_576,
    inboundPerSecond: 50,
  },
  mappingVersion: '1.0.0',
  absent: {
    ...absentBecause(
      'Tryton has no blocks: the nearest, the methods "manual", are fixed once a sale is under way',
      'setDeliveryBlock',
      'releaseDeliveryBlock',
      'setBillingBlock',
      'releaseBillingBlock',
    ),
    rejectLine: 'Tryton rejects no lines of a sale that is under way, and keeps no reason',
    changeLocation:
      'the warehouse is that of the whole sale, and its shipments have it once they are planned',
  },
  payloadVersion: { none: 'deliveries are fetched by the connector itself from a server of one version' },
  noRateLimitHeaders: 'a Tryton server limits nothing but failed log-ins',
};

/** The settings of a call, with defaults filled in. */
export const settingsOf = settingsBy(trytonSettings);

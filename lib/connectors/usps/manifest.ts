import { z } from 'zod';
import type { ConnectorManifest } from '../kit/connector';

export const manifest: ConnectorManifest = {
  id: 'usps',
  title: 'USPS',
  vendor: 'United States Postal Service',
  kinds: ['carrier'],
  apiVersion: 'Tracking v3, Addresses v3, Labels v3, Carrier Pickup v3, Payments v3; Web Tools TrackV2',
  reference: 'https://developers.usps.com',
  settings: z.object({
    crid: z
      .string()
      .regex(/^\d{1,15}$/)
      .optional()
      .describe('Customer registration id; needed for labels'),
    mid: z
      .string()
      .regex(/^(\d{6}|\d{9})$/)
      .optional()
      .describe('Mailer id; needed for labels'),
    manifestMid: z
      .string()
      .regex(/^(\d{6}|\d{9})$/)
      .optional()
      .describe('Mailer id of the manifests; the mailer id where it is left out'),
    accountType: z
      .enum(['EPS', 'PERMIT'])
      .default('EPS')
      .describe('How labels are paid: EPS Enterprise Payment System, PERMIT permit'),
    accountNumber: z
      .string()
      .max(30)
      .optional()
      .describe('Enterprise payment account, or permit number; needed for labels'),
    permitZip: z
      .string()
      .regex(/^\d{5}$/)
      .optional()
      .describe('ZIP Code of the permit'),
  }),
  secrets: [
    { name: 'clientId', title: 'Consumer key', required: false, description: 'Needed for outbound calls' },
    {
      name: 'clientSecret',
      title: 'Consumer secret',
      required: false,
      description: 'Needed for outbound calls',
    },
    {
      name: 'inboundToken',
      title: 'Inbound token',
      required: false,
      description: 'Bearer token that whoever pushes tracking answers to us sends',
    },
  ],
  limits: {
    ratePerSecond: 5,
    concurrency: 4,
    timeoutMs: 30_000,
    maxBodyBytes: 4_194_304,
    inboundPerSecond: 2000,
  },
  mappingVersion: '1.0.0',
  payloadVersion: {
    none: 'a tracking answer names no version (only an error does, as `apiVersion`), and the older XML has no namespace',
  },
  noRateLimitHeaders: 'USPS documents quotas by application and no header',
  absent: {
    intercept: 'USPS Package Intercept has no public API description',
    fileClaim: 'USPS publishes no API for claims',
  },
};

import { z } from 'zod';
import type { ConnectorManifest } from '../kit/connector';

export const manifest: ConnectorManifest = {
  id: 'smtp',
  title: 'E-mail (SMTP)',
  vendor: 'any',
  kinds: ['desk'],
  apiVersion: 'RFC 5321, RFC 5322',
  reference: 'https://www.rfc-editor.org/rfc/rfc5322',
  settings: z.object({
    from: z.email().describe('Sender; its domain stands in the message id'),
    fromName: z
      .string()
      .max(100)
      .regex(/^[^<>"\r\n]*$/)
      .optional()
      .describe('Name shown as the sender'),
    to: z.array(z.email()).max(50).default([]).describe('Recipients where the flow names none'),
    cc: z.array(z.email()).max(50).default([]).describe('Copies of every message'),
  }),
  secrets: [
    {
      name: 'smtpPassword',
      title: 'Password',
      required: false,
      description: 'Of the user that stands in the endpoint; none where the server asks for none',
    },
  ],
  limits: {
    ratePerSecond: 2,
    concurrency: 2,
    timeoutMs: 60_000,
    maxBodyBytes: 262_144,
    inboundPerSecond: 10,
  },
  transports: ['smtp'],
  mappingVersion: '1.0.0',
  noRateLimitHeaders: 'SMTP has replies and no headers: a busy server answers 4xx',
};

import { z } from 'zod';
import type { ConnectorManifest } from '../kit/connector';
import { mtlsSecrets } from '../kit/credentials';
import { ediSettings } from '../kit/edi/settings';

const party = z.string().min(1).max(35);
const qualifier = z.string().min(1).max(4).default('14');

export const manifest: ConnectorManifest = {
  id: 'edifact',
  title: 'UN/EDIFACT',
  vendor: 'UN/CEFACT',
  kinds: ['edi'],
  apiVersion: 'ISO 9735 syntax 1 to 4, directories D.93A to D.2xB',
  reference: 'https://service.unece.org/trade/untdid/directories.htm',
  settings: z.object({
    ...ediSettings,
    acknowledge: z
      .enum(['always', 'requested', 'never'])
      .default('always')
      .describe('When CONTRL messages are made: for every interchange, where UNB asks for it, or never'),
    senderId: party.optional().describe('0004 of UNB: our id, e.g. a GLN; needed to build messages'),
    senderQualifier: qualifier.describe('0007: what kind of id ours is, 14 for a GLN'),
    receiverId: party.optional().describe("0010 of UNB: the partner's id; needed to build messages"),
    receiverQualifier: qualifier.describe("0007: what kind of id the partner's is"),
    association: z
      .string()
      .regex(/^[A-Z0-9]{1,6}$/)
      .optional()
      .describe('0057: association assigned code of messages we build, e.g. EAN005'),
    test: z.boolean().default(false).describe('0035: mark interchanges we build as a test'),
  }),
  secrets: [
    ...mtlsSecrets,
    {
      name: 'inboundToken',
      title: 'Inbound token',
      required: true,
      description: 'Deliveries carry it as `Authorization: Bearer`; EDIFACT itself signs nothing',
    },
    {
      name: 'token',
      title: 'Outbound token',
      required: false,
      description: 'Sent as `Authorization: Bearer` with what is posted; a folder needs none',
    },
  ],
  limits: {
    ratePerSecond: 5,
    concurrency: 2,
    timeoutMs: 30_000,
    maxBodyBytes: 33_554_432,
    inboundPerSecond: 200,
  },
  transports: ['http', 'file', 'sftp'],
  mappingVersion: '1.0.0',
  payloadVersion: {
    at: 'UNH 0052 and 0054 of each message, UNB 0002 of the interchange',
    reads: 'ISO 9735 syntax 1 to 4, directories D.93A to D.2xB',
  },
  noRateLimitHeaders: 'documents are files or pushed to an endpoint of the partner, whose limits are unknown',
};

import { z } from 'zod';
import type { ConnectorManifest } from '../kit/connector';
import { mtlsSecrets } from '../kit/credentials';
import { ediSettings } from '../kit/edi/settings';

const qualifier = z.string().length(2);
const party = z.string().min(1).max(15);

export const manifest: ConnectorManifest = {
  id: 'x12',
  title: 'EDI X12',
  vendor: 'ASC X12',
  kinds: ['edi'],
  apiVersion: '003010 to 008060',
  reference: 'https://x12.org/products/transaction-sets',
  settings: z.object({
    ...ediSettings,
    charset: z
      .string()
      .max(40)
      .default('auto')
      .describe('Character set of interchanges; `auto` is UTF-8, else ISO 8859-1'),
    acknowledge: z
      .enum(['always', 'never'])
      .default('always')
      .describe('Whether 997 acknowledgements are made for what comes in'),
    senderQualifier: qualifier.default('ZZ').describe('ISA05: what kind of id ours is'),
    senderId: party.optional().describe('ISA06 and GS02: our id; needed to build documents'),
    receiverQualifier: qualifier.default('ZZ').describe("ISA07: what kind of id the partner's is"),
    receiverId: party.optional().describe("ISA08 and GS03: the partner's id; needed to build documents"),
    usage: z.enum(['P', 'T']).default('P').describe('ISA15: production or test'),
  }),
  secrets: [
    ...mtlsSecrets,
    {
      name: 'inboundToken',
      title: 'Inbound token',
      required: true,
      description: 'Deliveries carry it as `Authorization: Bearer`; EDI itself signs nothing',
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
  payloadVersion: { at: 'GS08 of the functional group', reads: '003010 to 008060' },
  noRateLimitHeaders: 'documents are files or pushed to an endpoint of the partner, whose limits are unknown',
};

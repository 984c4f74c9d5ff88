import { z } from 'zod';
import type { ConnectorManifest } from '../kit/connector';
import { ediSettings } from '../kit/edi/settings';

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
  }),
  secrets: [
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
};

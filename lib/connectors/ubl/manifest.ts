import { z } from 'zod';
import type { ConnectorManifest } from '../kit/connector';
import { ediSettings } from '../kit/edi/settings';

const { outboundPath: _path, acceptTest: _test, ...shared } = ediSettings;

export const manifest: ConnectorManifest = {
  id: 'ubl',
  title: 'UBL documents',
  vendor: 'OASIS',
  kinds: ['edi'],
  apiVersion: 'UBL 2.0 to 2.4',
  reference: 'https://docs.oasis-open.org/ubl/os-UBL-2.3/UBL-2.3.html',
  settings: z.object(shared),
  secrets: [
    {
      name: 'inboundToken',
      title: 'Inbound token',
      required: true,
      description:
        'Deliveries carry it as `Authorization: Bearer`; UBL leaves authentication to the transport',
    },
  ],
  limits: {
    ratePerSecond: 5,
    concurrency: 2,
    timeoutMs: 30_000,
    maxBodyBytes: 16_777_216,
    inboundPerSecond: 200,
  },
  transports: ['http', 'file', 'sftp'],
  mappingVersion: '1.0.0',
  payloadVersion: { at: '`UBLVersionID`', reads: '2.0 to 2.4' },
};

import { z } from 'zod';
import type { ConnectorManifest } from '../kit/connector';
import { settingsBy } from '../kit/payload';

const customField = z
  .string()
  .regex(/^(custbody\w{1,50})?$/)
  .default('');

export const netsuiteSettings = z.object({
  accountId: z
    .string()
    .regex(/^\w*$/)
    .default('')
    .describe(
      'Account id as NetSuite shows it, e.g. 1234567 or 1234567_SB1; the endpoint is its SuiteTalk host',
    ),
  algorithm: z
    .enum(['PS256', 'ES256'])
    .default('PS256')
    .describe('How the certificate signs: PS256 for an RSA key, ES256 for an elliptic curve P-256 key'),
  deliveryBlockField: customField.describe(
    'Custom body field (free-form text) that your account uses as delivery block of a sales order, e.g. custbody_delivery_block; without one there is no delivery block',
  ),
  billingBlockField: customField.describe(
    'Custom body field (free-form text) that your account uses as billing block of a sales order; without one there is no billing block',
  ),
});
export type NetsuiteSettings = z.infer<typeof netsuiteSettings>;

export const manifest: ConnectorManifest = {
  id: 'netsuite',
  title: 'NetSuite',
  vendor: 'Oracle NetSuite',
  kinds: ['erp'],
  apiVersion: 'SuiteTalk REST record service v1',
  reference: 'https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/chapter_1540391670.html',
  settings: netsuiteSettings,
  secrets: [
    {
      name: 'clientId',
      title: 'Client id',
      required: true,
      description: 'Client id (consumer key) of the integration record',
    },
    {
      name: 'certificateId',
      title: 'Certificate id',
      required: true,
      description: 'Id of the certificate in the OAuth 2.0 client credentials mapping',
    },
    {
      name: 'privateKey',
      title: 'Private key',
      required: true,
      description: 'Private key of the certificate, PEM (PKCS #8)',
    },
  ],
  limits: {
    ratePerSecond: 5,
    concurrency: 2,
    timeoutMs: 60_000,
    maxBodyBytes: 1_048_576,
    inboundPerSecond: 50,
  },
  mappingVersion: '1.0.0',
  absent: {
    attachEvidence:
      'REST attaches only what is in the File Cabinet already (!attach/file), and has no call that puts a file there',
    changeDeliveryQuantity:
      "the documentation does not say by which key a line of an item fulfillment is updated; the fulfillment is the warehouse's",
  },
  noRateLimitHeaders: 'NetSuite governs concurrency by account, answers 429 and documents no header',
};

/** The settings of a call, with defaults filled in. */
export const settingsOf = settingsBy(netsuiteSettings);

import { z } from 'zod';
import type { ConnectorManifest } from '../kit/connector';
import { referenceSettings } from '../kit/reference';

const customer = z.string().regex(/^\d{1,10}$/);

export const manifest: ConnectorManifest = {
  id: 'canadapost',
  title: 'Canada Post',
  vendor: 'Canada Post',
  kinds: ['carrier'],
  apiVersion: 'track-v2, shipment-v8, pickuprequest',
  reference: 'https://www.canadapost-postescanada.ca/info/mc/business/productsservices/developers/services/',
  settings: z.object({
    ...referenceSettings,
    customerNumber: customer.optional().describe('Mailed-by customer; labels and pickups need it'),
    onBehalfOf: customer
      .optional()
      .describe('Mailed-on-behalf-of customer; the mailed-by customer where it is left out'),
    contractId: customer.optional().describe('Parcel agreement'),
    methodOfPayment: z.enum(['Account', 'CreditCard', 'SupplierAccount']).default('Account'),
    groupId: z
      .string()
      .min(1)
      .max(32)
      .optional()
      .describe(
        'Group whose shipments somebody else transmits, with a manifest; shipments need no manifest where it is left out',
      ),
    refundEmail: z
      .email()
      .optional()
      .describe('Where Canada Post writes about refunds of transmitted shipments'),
  }),
  secrets: [
    {
      name: 'inboundToken',
      title: 'Inbound token',
      required: false,
      description: 'For answers that are handed in: Canada Post itself sends none',
    },
    {
      name: 'username',
      title: 'API key: user name',
      required: true,
      description: 'First half of the API key',
    },
    {
      name: 'password',
      title: 'API key: password',
      required: true,
      description: 'Second half of the API key',
    },
  ],
  limits: {
    ratePerSecond: 1,
    concurrency: 2,
    timeoutMs: 60_000,
    maxBodyBytes: 4_194_304,
    inboundPerSecond: 1000,
  },
  mappingVersion: '1.0.0',
  payloadVersion: {
    at: 'the namespace of the document (http://www.canadapost.ca/ws/track)',
    reads: 'the tracking answer of track and track-v2; other answers of Canada Post tell no event',
  },
  noRateLimitHeaders: 'Canada Post throttles by API key and documents no header for it',
  absent: {
    validateAddress: 'addresses are checked by AddressComplete, another product under another contract',
    intercept: 'Canada Post documents no call that stops or redirects a parcel',
    fileClaim: 'service tickets and claims are opened on the web site, without an API',
  },
};

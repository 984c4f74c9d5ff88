import { z } from 'zod';
import { absentBecause, type ConnectorManifest } from '../kit/connector';
import { mtlsSecrets } from '../kit/credentials';
import { referenceSettings } from '../kit/reference';

export const manifest: ConnectorManifest = {
  id: 'dcsa',
  title: 'DCSA Track & Trace (ocean carriers)',
  vendor: 'Digital Container Shipping Association',
  kinds: ['tms', 'carrier'],
  apiVersion: 'Track and Trace 2.2 and 3.0',
  reference: 'https://github.com/dcsaorg/DCSA-OpenAPI/tree/master/tnt',
  settings: z.object({
    carrier: z
      .string()
      .min(1)
      .max(60)
      .default('carrier')
      .describe('Whose booking and document numbers they are where the events do not say so, e.g. the SCAC'),
    pollVersion: z.enum(['2.2', '3.0']).default('2.2').describe('Version of the interface that is polled'),
    eventsPath: z
      .string()
      .max(300)
      .regex(/^\/[^?#]*$/)
      .default('/v2/events')
      .describe('Path of the events below the endpoint'),
    pollFilter: z
      .record(z.string().max(100), z.string().max(500))
      .default({})
      .describe('More query parameters, e.g. carrierBookingReference, where the carrier asks for one'),
    ...referenceSettings,
  }),
  secrets: [
    ...mtlsSecrets,
    {
      name: 'notificationSecret',
      title: 'Secret of the subscription',
      required: false,
      description: 'Base64, as given when subscribing (2.2); signs what the carrier pushes',
    },
    {
      name: 'pushToken',
      title: 'Token of the push',
      required: false,
      description: '3.0 leaves the way of authentication open: a bearer token agreed with the carrier',
    },
    { name: 'apiToken', title: 'Bearer token', required: false, description: 'For polling' },
  ],
  limits: {
    ratePerSecond: 2,
    concurrency: 2,
    timeoutMs: 30_000,
    maxBodyBytes: 8_388_608,
    inboundPerSecond: 500,
  },
  mappingVersion: '1.0.0',
  payloadVersion: { at: 'the header `API-Version`, else the shape of the events', reads: '2.2 and 3.0' },
  absent: {
    ...absentBecause(
      'DCSA Track & Trace tells events and takes no orders',
      'createLabel',
      'voidLabel',
      'track',
      'validateAddress',
      'bookPickup',
      'cancelPickup',
      'intercept',
      'fileClaim',
    ),
  },
};

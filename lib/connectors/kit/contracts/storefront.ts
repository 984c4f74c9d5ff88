/** Operations of storefronts, marketplaces and SaaS fulfilment. */
import { z } from 'zod';
import { quantity, rfc3339 } from '../../../model/fact';
import { contract } from './contract';

const orderNumber = z
  .string()
  .min(1)
  .max(200)
  .describe('Order as the storefront names it: what readOrder takes');
const lines = z
  .array(z.object({ lineId: z.string().min(1).max(200), quantity }))
  .max(1000)
  .optional()
  .describe('Lines and quantities; everything when left out');

export const readOrder = contract({
  id: 'readOrder',
  kind: 'storefront',
  input: z.object({ orderNumber }),
  output: z.object({
    orderNumber: z.string(),
    status: z
      .enum(['OPEN', 'PARTIALLY_FULFILLED', 'FULFILLED', 'CANCELLED'])
      .describe('From quantities, not from a status word'),
    lines: z.array(
      z.object({ lineId: z.string(), item: z.string(), ordered: quantity, fulfilled: quantity.optional() }),
    ),
  }),
  example: { orderNumber: '1001' },
});

/** Stops fulfilment until released. */
export const holdFulfillment = contract({
  id: 'holdFulfillment',
  kind: 'storefront',
  input: z.object({
    orderNumber,
    reason: z.enum(['ADDRESS_INVALID', 'OUT_OF_STOCK', 'CUSTOMS', 'PAYMENT', 'OTHER']),
    note: z.string().max(500).optional(),
  }),
  output: z.object({ orderNumber: z.string(), held: z.boolean(), holdId: z.string().optional() }),
  example: { orderNumber: '1001', reason: 'ADDRESS_INVALID', note: 'House number is missing' },
});

export const releaseFulfillment = contract({
  id: 'releaseFulfillment',
  kind: 'storefront',
  input: z.object({ orderNumber, holdId: z.string().max(200).optional() }),
  output: z.object({ orderNumber: z.string(), held: z.boolean() }),
  example: { orderNumber: '1001', holdId: 'hold-1' },
});

/** Says that lines have left, under a tracking number. */
export const createFulfillment = contract({
  id: 'createFulfillment',
  kind: 'storefront',
  input: z.object({
    orderNumber,
    lines,
    carrier: z.string().max(100).optional(),
    trackingNumber: z.string().max(100).optional(),
    trackingUrl: z.url().optional(),
    notifyCustomer: z.boolean().default(false),
  }),
  output: z.object({ orderNumber: z.string(), fulfillmentId: z.string() }),
  example: {
    orderNumber: '1001',
    lines: [{ lineId: '1', quantity: { value: '2', uom: 'EA' } }],
    carrier: 'UPS',
    trackingNumber: '1Z12345E1512345676',
    trackingUrl: 'https://carrier.example/1Z',
    notifyCustomer: true,
  },
});

export const updateTracking = contract({
  id: 'updateTracking',
  kind: 'storefront',
  input: z.object({
    orderNumber,
    fulfillmentId: z.string().min(1).max(200),
    carrier: z.string().max(100).optional(),
    trackingNumber: z.string().min(1).max(100),
    trackingUrl: z.url().optional(),
    notifyCustomer: z.boolean().default(false),
  }),
  output: z.object({ fulfillmentId: z.string(), trackingNumber: z.string() }),
  example: {
    orderNumber: '1001',
    fulfillmentId: '7',
    carrier: 'UPS',
    trackingNumber: '1Z12345E1512345676',
    trackingUrl: 'https://carrier.example/1Z',
    notifyCustomer: true,
  },
});

export const cancelFulfillment = contract({
  id: 'cancelFulfillment',
  kind: 'storefront',
  input: z.object({
    orderNumber,
    fulfillmentId: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .describe('One fulfilment; the whole order where the system cancels orders only'),
  }),
  output: z.object({ orderNumber: z.string(), cancelled: z.boolean() }),
  example: { orderNumber: '1001', fulfillmentId: '7' },
});

/** An older estimate never replaces a newer one where the system keeps the time of it. */
export const updateEta = contract({
  id: 'updateEta',
  kind: 'storefront',
  input: z.object({ orderNumber, etaAt: rfc3339, asOf: rfc3339, reason: z.string().max(500).optional() }),
  output: z.object({ etaAt: z.string().nullable(), applied: z.boolean() }),
  example: {
    orderNumber: '1001',
    etaAt: '2026-03-09T12:00:00+01:00',
    asOf: '2026-03-02T08:00:00Z',
    reason: 'carrier delay',
  },
});

export const storefrontContracts = [
  readOrder,
  holdFulfillment,
  releaseFulfillment,
  createFulfillment,
  updateTracking,
  cancelFulfillment,
  updateEta,
];

/** Operations of carriers, aggregators and label platforms. */
import { z } from 'zod';
import { money, quantity, rfc3339 } from '../../../model/fact';
import { postalAddress } from '../address';
import { contract } from './contract';

const trackingNumber = z.string().min(1).max(100).describe('Tracking number');
const decimal = z.string().regex(/^\d+(\.\d+)?$/);

export const parcel = z.object({
  weight: quantity.describe('Gross weight; KGM, GRM, LBR or ONZ'),
  length: decimal.optional().describe('Decimal text, in dimensionUom'),
  width: decimal.optional(),
  height: decimal.optional(),
  dimensionUom: z.enum(['CMT', 'INH']).default('CMT').describe('UNECE Rec 20: CMT centimetre, INH inch'),
});
export type Parcel = z.infer<typeof parcel>;

/** One line of a customs declaration. Declared values come from the order, never from us. */
export const customsLine = z.object({
  description: z.string().min(1).max(200),
  quantity: decimal.describe('Pieces, decimal text'),
  value: money.describe('Value of one piece'),
  weight: quantity.optional().describe('Net weight of one piece'),
  hsCode: z.string().max(20).optional().describe('Harmonized System code'),
  originCountry: z.string().length(2).optional().describe('ISO 3166-1 alpha-2'),
});

export const createLabel = contract({
  id: 'createLabel',
  kind: 'carrier',
  input: z.object({
    reference: z.string().min(1).max(35).describe("The order's or delivery's number, printed on the label"),
    from: postalAddress,
    to: postalAddress,
    parcels: z.array(parcel).min(1).max(99),
    service: z.string().min(1).max(60).describe("The carrier's own service code"),
    carrier: z
      .string()
      .min(1)
      .max(60)
      .optional()
      .describe('Carrier or carrier account, where the system offers several'),
    labelFormat: z.enum(['PDF', 'PNG', 'ZPL', 'GIF']).default('PDF'),
    customs: z.array(customsLine).max(999).optional().describe('Needed across customs borders'),
  }),
  output: z.object({
    shipmentId: z.string().describe("The carrier's id of the shipment; voidLabel takes it"),
    trackingNumber: z.string().describe('Of the first parcel'),
    trackingNumbers: z.array(z.string()).describe('One a parcel'),
    carrier: z.string().optional(),
    service: z.string().optional(),
    cost: money.optional(),
    label: z
      .object({
        format: z.string(),
        data: z.string().optional().describe('Base64'),
        url: z.string().optional(),
      })
      .optional(),
  }),
  example: {
    reference: 'SO-4711',
    from: {
      company: 'Shipper Ltd',
      lines: ['1 Dock Road'],
      city: 'Louisville',
      region: 'KY',
      postalCode: '40202',
      country: 'US',
      phone: '+15025550100',
      name: 'Dispatch',
    },
    to: {
      name: 'A. Person',
      lines: ['1 Main St'],
      city: 'Springfield',
      region: 'IL',
      postalCode: '62701',
      country: 'US',
      phone: '+12175550100',
    },
    parcels: [
      { weight: { value: '1.5', uom: 'KGM' }, length: '30', width: '20', height: '10', dimensionUom: 'CMT' },
    ],
    service: '03',
    carrier: 'UPS',
    labelFormat: 'PDF',
  },
});

export const voidLabel = contract({
  id: 'voidLabel',
  kind: 'carrier',
  input: z.object({
    shipmentId: z.string().min(1).max(100).describe('What createLabel answered'),
    trackingNumber: trackingNumber.optional(),
  }),
  output: z.object({
    shipmentId: z.string(),
    state: z.enum(['VOIDED', 'REQUESTED']).describe('REQUESTED: the carrier decides later'),
  }),
  example: { shipmentId: '1Z12345E1512345676', trackingNumber: '1Z12345E1512345676' },
});

export const track = contract({
  id: 'track',
  kind: 'carrier',
  input: z.object({
    trackingNumber,
    carrier: z
      .string()
      .min(1)
      .max(60)
      .optional()
      .describe('Carrier as the system names it, where it tracks several'),
  }),
  output: z.object({
    trackingNumber: z.string(),
    found: z.boolean().describe('False when the system has no information for the number'),
    status: z.string().optional().describe("Latest status in the system's own code"),
    description: z.string().optional(),
    answer: z.unknown().describe('The answer as the system gave it; `normalize` takes it as it is'),
  }),
  example: { trackingNumber: '1Z12345E1512345676', carrier: 'UPS' },
});

export const validateAddress = contract({
  id: 'validateAddress',
  kind: 'carrier',
  input: z.object({ address: postalAddress }),
  output: z.object({
    valid: z.boolean(),
    corrected: postalAddress
      .optional()
      .describe('As the system would write it; absent when it corrects nothing'),
  }),
  example: {
    address: {
      name: 'A. Person',
      lines: ['1 Main St'],
      city: 'Springfield',
      region: 'IL',
      postalCode: '62701',
      country: 'US',
    },
  },
});

export const bookPickup = contract({
  id: 'bookPickup',
  kind: 'carrier',
  input: z.object({
    reference: z.string().min(1).max(35).describe('Our name for the pickup'),
    from: postalAddress.describe('Where it is collected; name and phone are the contact'),
    readyAt: rfc3339.describe('Goods are ready from, with offset'),
    closeAt: rfc3339.describe('The dock closes at, with offset, same day'),
    parcels: z.int().min(1).max(9999).describe('Pieces'),
    weight: quantity.optional().describe('Gross weight of all pieces'),
    service: z.string().max(60).optional().describe("The carrier's own service code"),
    carrier: z.string().max(60).optional().describe('Carrier account, where the system offers several'),
    shipmentIds: z.array(z.string().max(100)).max(500).optional().describe('Shipments that are collected'),
    instructions: z.string().max(60).optional(),
  }),
  output: z.object({
    pickupId: z.string().describe('Confirmation number; cancelPickup takes it'),
    pickupDate: z.string().optional().describe('Calendar day'),
  }),
  example: {
    reference: 'PU-1',
    from: {
      company: 'Shipper Ltd',
      name: 'Dispatch',
      lines: ['1 Dock Road'],
      city: 'Louisville',
      region: 'KY',
      postalCode: '40202',
      country: 'US',
      phone: '+15025550100',
    },
    readyAt: '2026-03-02T14:00:00-05:00',
    closeAt: '2026-03-02T18:00:00-05:00',
    parcels: 3,
    weight: { value: '12', uom: 'KGM' },
    service: '003',
    carrier: 'ca_1',
    shipmentIds: ['shp_1'],
    instructions: 'Dock 4',
  },
});

export const cancelPickup = contract({
  id: 'cancelPickup',
  kind: 'carrier',
  input: z.object({
    pickupId: z.string().min(1).max(100).describe('What bookPickup answered'),
    pickupDate: z.iso.date().optional().describe('Day of the pickup; some carriers ask for it'),
    reason: z.string().max(100).optional(),
  }),
  output: z.object({ pickupId: z.string(), state: z.enum(['CANCELLED', 'REQUESTED']) }),
  example: { pickupId: 'PRG-1', pickupDate: '2026-03-02', reason: 'no goods' },
});

/** Delivery intercept: back to the shipper, to another address, or held at the carrier. */
export const intercept = contract({
  id: 'intercept',
  kind: 'carrier',
  input: z.object({
    trackingNumber,
    action: z.enum(['RETURN', 'REDIRECT', 'HOLD', 'RESCHEDULE']),
    to: postalAddress.optional().describe('New address, for REDIRECT'),
    date: z.iso.date().optional().describe('New delivery day, for RESCHEDULE'),
    reason: z.string().max(200).optional(),
  }),
  output: z.object({
    trackingNumber: z.string(),
    state: z.enum(['CONFIRMED', 'REQUESTED']),
    interceptId: z.string().optional(),
  }),
  example: {
    trackingNumber: '1Z12345E1512345676',
    action: 'REDIRECT',
    to: {
      name: 'A. Person',
      lines: ['2 Main St'],
      city: 'Springfield',
      region: 'IL',
      postalCode: '62701',
      country: 'US',
      phone: '+12175550100',
    },
    date: '2026-03-04',
    reason: 'wrong address',
  },
});

export const fileClaim = contract({
  id: 'fileClaim',
  kind: 'carrier',
  input: z.object({
    trackingNumber,
    reason: z.enum(['DAMAGE', 'LOSS', 'THEFT']),
    amount: money.describe('Amount claimed'),
    description: z.string().min(1).max(1000),
    contactEmail: z.email(),
    evidence: z
      .array(
        z.object({
          kind: z.enum(['INVOICE', 'EMAIL', 'PHOTO', 'OTHER']),
          fileName: z.string().max(200),
          mediaType: z.string().max(100),
          data: z.string().describe('Base64'),
        }),
      )
      .max(20)
      .default([]),
  }),
  output: z.object({ claimId: z.string(), state: z.string().describe("The carrier's own word") }),
  example: {
    trackingNumber: '9400110898825022579493',
    reason: 'DAMAGE',
    amount: { amountMinor: '10000', currency: 'USD' },
    description: 'Crushed carton',
    contactEmail: 'claims@example.com',
    evidence: [{ kind: 'INVOICE', fileName: 'invoice.pdf', mediaType: 'application/pdf', data: 'JVBERi0=' }],
  },
});

export const carrierContracts = [
  createLabel,
  voidLabel,
  track,
  validateAddress,
  bookPickup,
  cancelPickup,
  intercept,
  fileClaim,
];

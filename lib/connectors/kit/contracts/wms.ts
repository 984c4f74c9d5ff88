/** Operations of warehouses and 3PLs. */
import { z } from 'zod';
import { quantity } from '../../../model/fact';
import { contract } from './contract';

const line = z.object({ lineId: z.string().min(1).max(100), item: z.string().min(1).max(200), quantity });

export const readStock = contract({
  id: 'readStock',
  kind: 'wms',
  input: z.object({
    item: z.string().min(1).max(200).describe('GTIN, SKU or material number'),
    location: z.string().max(200).optional().describe('One location only; all when empty'),
  }),
  output: z.object({
    item: z.string(),
    locations: z.array(
      z.object({
        location: z.string(),
        available: z.string().describe('On hand and promised to nobody, decimal text'),
        uom: z.string().describe('UNECE Rec 20 unit code'),
      }),
    ),
  }),
  example: { item: 'SKU-1', location: 'DC1' },
});

export const reserveStock = contract({
  id: 'reserveStock',
  kind: 'wms',
  input: z.object({
    orderNumber: z.string().min(1).max(200),
    lines: z
      .array(line.extend({ location: z.string().max(200).optional() }))
      .min(1)
      .max(1000),
  }),
  output: z.object({ id: z.string(), state: z.string() }),
  example: {
    orderNumber: '1001',
    lines: [{ lineId: '10', item: 'SKU-1', quantity: { value: '2', uom: 'EA' }, location: 'DC1' }],
  },
});

export const releaseReservation = contract({
  id: 'releaseReservation',
  kind: 'wms',
  input: z.object({ reservationId: z.string().min(1).max(200) }),
  output: z.object({ reservationId: z.string(), state: z.string() }),
  example: { reservationId: 'res-1' },
});

/** The pivot of a remediation: the floor begins to work. */
export const releaseToWarehouse = contract({
  id: 'releaseToWarehouse',
  kind: 'wms',
  input: z.object({
    reference: z.string().min(1).max(200).describe('Our name for the release, unique'),
    orderNumber: z.string().min(1).max(200),
    deliveryId: z.string().max(200).optional(),
    reservationId: z.string().max(200).optional(),
    lines: z.array(line).min(1).max(1000),
  }),
  output: z.object({ reference: z.string(), state: z.string() }),
  example: {
    reference: 'case-1-1',
    orderNumber: '1001',
    deliveryId: '80004711',
    reservationId: 'res-1',
    lines: [{ lineId: '10', item: 'SKU-1', quantity: { value: '2', uom: 'EA' } }],
  },
});

export const readRelease = contract({
  id: 'readRelease',
  kind: 'wms',
  input: z.object({ reference: z.string().min(1).max(200) }),
  output: z.object({ reference: z.string(), state: z.string() }),
  example: { reference: 'case-1-1' },
});

/** Stops work on an order that has not left. */
export const holdOrder = contract({
  id: 'holdOrder',
  kind: 'wms',
  input: z.object({ orderNumber: z.string().min(1).max(200), reason: z.string().min(1).max(500) }),
  output: z.object({ orderNumber: z.string(), held: z.boolean() }),
  example: { orderNumber: '1001', reason: 'address is being corrected' },
});

export const resumeOrder = contract({
  id: 'resumeOrder',
  kind: 'wms',
  input: z.object({ orderNumber: z.string().min(1).max(200) }),
  output: z.object({ orderNumber: z.string(), held: z.boolean() }),
  example: { orderNumber: '1001' },
});

export const cancelOrder = contract({
  id: 'cancelOrder',
  kind: 'wms',
  input: z.object({ orderNumber: z.string().min(1).max(200), reason: z.string().max(500).optional() }),
  output: z.object({ orderNumber: z.string(), cancelled: z.boolean() }),
  example: { orderNumber: '1001', reason: 'rebooked elsewhere' },
});

export const wmsContracts = [
  readStock,
  reserveStock,
  releaseReservation,
  releaseToWarehouse,
  readRelease,
  holdOrder,
  resumeOrder,
  cancelOrder,
];

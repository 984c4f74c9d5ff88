/** The warehouse calls of docs/partner-rest.md. */
import { z } from 'zod';
import { restQuantity, restTime } from '../kit/partner-rest';

export const line = z.object({
  lineId: z.string().min(1).max(100).describe('Line of the order'),
  item: z.string().min(1).max(200).describe('GTIN, SKU or material number'),
  quantity: restQuantity,
});

export const stock = z.object({
  item: z.string(),
  asOf: restTime.describe('When the warehouse counted'),
  locations: z.array(
    z.object({
      location: z.string().max(200),
      onHand: z.string().regex(/^-?\d+(\.\d+)?$/),
      available: z
        .string()
        .regex(/^-?\d+(\.\d+)?$/)
        .describe('On hand and promised to nobody'),
      uom: z.string().min(2).max(3),
    }),
  ),
});
export type Stock = z.infer<typeof stock>;

export const reservation = z.object({
  id: z.string().min(1).max(200),
  reference: z.string().max(200).optional(),
  state: z
    .enum(['RESERVED', 'CONSUMED', 'RELEASED'])
    .describe('CONSUMED: on the floor; RELEASED: given back'),
});
export type Reservation = z.infer<typeof reservation>;

export const releaseStates = [
  'QUEUED',
  'RELEASED',
  'PICKING',
  'PICKED',
  'SHIPPED',
  'CANCELLED',
  'REFUSED',
] as const;
export const release = z.object({
  reference: z.string().min(1).max(200),
  state: z.enum(releaseStates),
  waveId: z.string().max(200).optional(),
});
export type Release = z.infer<typeof release>;

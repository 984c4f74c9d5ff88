/** Inputs that several operations share: the names are the contract's, the formats Dynamics 365's. */
import { z } from 'zod';
import { plainDecimal } from '../kit/decimal';

export const order = z.string().min(1).max(20).describe('Sales order number');
export const line = z
  .string()
  .min(1)
  .max(20)
  .describe('Lot id of the line (InventoryLotId), as readOrder names it');
export const amount = z
  .string()
  .refine(
    (text) => plainDecimal(text) !== undefined && !text.startsWith('-'),
    'a decimal number that is not negative, as text',
  )
  .describe('Quantity in the sales unit of the line, decimal text');
export const day = z.iso.date().describe('Calendar day, YYYY-MM-DD');

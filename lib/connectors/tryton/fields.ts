/** Inputs that several operations share: the names are the contract's, the formats Tryton's. */
import { z } from 'zod';
import { plainDecimal } from '../kit/decimal';

export const order = z.string().min(1).max(60).describe('Number of the sale');
export const line = z.string().min(1).max(60).describe('Id of the sale line, as readOrder names it');
export const schedule = z
  .string()
  .min(1)
  .max(60)
  .optional()
  .describe('Id of the stock move, as readOrder names it; the oldest open one of the line when empty');
export const amount = z
  .string()
  .refine(
    (text) => plainDecimal(text) !== undefined && !text.startsWith('-'),
    'a decimal number that is not negative, as text',
  )
  .describe('Quantity in the unit of the line, decimal text');
export const day = z.iso.date().describe('Calendar day, YYYY-MM-DD');

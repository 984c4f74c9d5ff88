/** Inputs that several operations share. */
import { z } from 'zod';
import { plainDecimal } from '../kit/decimal';

export const salesOrder = z
  .string()
  .regex(/^\d{1,10}$/)
  .describe('Sales order number in SAP, up to ten digits');
export const item = z
  .string()
  .regex(/^\d{1,6}$/)
  .describe('Item number, e.g. 10');
export const scheduleLine = z
  .string()
  .regex(/^\d{1,4}$/)
  .describe('Schedule line number, e.g. 1');
export const amount = z
  .string()
  .refine(
    (text) => plainDecimal(text) !== undefined && !text.startsWith('-'),
    'a decimal number that is not negative, as text',
  )
  .describe('Quantity in the unit of the item, decimal text');
export const day = z.iso.date().describe('Calendar day, YYYY-MM-DD');

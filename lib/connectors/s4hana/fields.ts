/** Inputs that several operations share: the names are the contract's, the formats SAP's. */
import { z } from 'zod';
import { plainDecimal } from '../kit/decimal';

export const order = z
  .string()
  .regex(/^\d{1,10}$/)
  .describe('Sales order number in SAP, up to ten digits');
export const line = z
  .string()
  .regex(/^\d{1,6}$/)
  .describe('Item number, e.g. 10');
export const scheduleNumber = z
  .string()
  .regex(/^\d{1,4}$/)
  .describe('Schedule line number, e.g. 1');
export const schedule = scheduleNumber
  .optional()
  .describe('Schedule line number, e.g. 1; the first one of the item when empty');
export const amount = z
  .string()
  .refine(
    (text) => plainDecimal(text) !== undefined && !text.startsWith('-'),
    'a decimal number that is not negative, as text',
  )
  .describe('Quantity in the unit of the item, decimal text');
export const day = z.iso.date().describe('Calendar day, YYYY-MM-DD');

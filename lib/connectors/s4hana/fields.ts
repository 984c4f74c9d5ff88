/** Inputs that several operations share: the names are the contract's, the formats SAP's. */
import { z } from 'zod';
import { ownAmount } from '../kit/contracts/erp-own';

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
export const amount = ownAmount('the unit of the item');

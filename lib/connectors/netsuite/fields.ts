/** Inputs that several operations share: the names are the contract's, the formats NetSuite's. */
import { z } from 'zod';
import { ownAmount } from '../kit/contracts/erp-own';

export const order = z.string().min(1).max(60).describe('Document number of the sales order, e.g. SO1042');
export const line = z
  .string()
  .regex(/^\d{1,6}$/)
  .describe('Line number, as readOrder names it');
export const schedule = z.string().max(60).optional().describe('Not needed: a line has one date');
export const amount = ownAmount('the unit of the line');

/** Inputs that several operations share: the names are the contract's, the formats Dynamics 365's. */
import { z } from 'zod';
import { ownAmount } from '../kit/contracts/erp-own';

export const order = z.string().min(1).max(20).describe('Sales order number');
export const line = z
  .string()
  .min(1)
  .max(20)
  .describe('Lot id of the line (InventoryLotId), as readOrder names it');
export const amount = ownAmount('the sales unit of the line');

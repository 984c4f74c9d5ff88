/** Inputs that several operations share: the names are the contract's, the formats Tryton's. */
import { ownAmount, ownNumber, stockMove } from '../kit/contracts/erp-own';

export const order = ownNumber('Number of the sale');
export const line = ownNumber('Id of the sale line, as readOrder names it');
export const schedule = stockMove;
export const amount = ownAmount('the unit of the line');

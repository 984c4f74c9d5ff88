/** Inputs that several operations share: the names are the contract's, the formats Odoo's. */
import { ownAmount, ownNumber, stockMove } from '../kit/contracts/erp-own';

export const order = ownNumber('Number of the sales order, e.g. S00042');
export const line = ownNumber('Id of the order line, as readOrder names it');
export const schedule = stockMove;
export const amount = ownAmount('the unit of the line');

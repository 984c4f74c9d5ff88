/** Calls an operation of a partner of kind erp. */
import type { NodeAPI } from 'node-red';
import { defineAction } from '../common/action';
import { migrations } from './migrations';

export = function erp(RED: NodeAPI): void {
  defineAction(RED, 'erp', migrations);
};

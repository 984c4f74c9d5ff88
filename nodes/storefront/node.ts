/** Calls an operation of a partner of kind storefront. */
import type { NodeAPI } from 'node-red';
import { defineAction } from '../common/action';
import { migrations } from './migrations';

export = function storefront(RED: NodeAPI): void {
  defineAction(RED, 'storefront', migrations);
};

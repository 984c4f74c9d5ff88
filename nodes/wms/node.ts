/** Calls an operation of a partner of kind wms. */
import type { NodeAPI } from 'node-red';
import { defineAction } from '../common/action';
import { migrations } from './migrations';

export = function wms(RED: NodeAPI): void {
  defineAction(RED, 'wms', migrations);
};

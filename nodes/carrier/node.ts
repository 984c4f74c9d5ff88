/** Calls an operation of a partner of kind carrier. */
import type { NodeAPI } from 'node-red';
import { defineAction } from '../common/action';
import { migrations } from './migrations';

export = function carrier(RED: NodeAPI): void {
  defineAction(RED, 'carrier', migrations);
};

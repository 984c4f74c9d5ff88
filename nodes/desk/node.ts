/** Calls an operation of a partner of kind desk. */
import type { NodeAPI } from 'node-red';
import { defineAction } from '../common/action';
import { migrations } from './migrations';

export = function desk(RED: NodeAPI): void {
  defineAction(RED, 'desk', migrations);
};

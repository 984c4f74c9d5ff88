/** Calls an operation of a partner of kind edi. */
import type { NodeAPI } from 'node-red';
import { defineAction } from '../common/action';
import { migrations } from './migrations';

export = function edi(RED: NodeAPI): void {
  defineAction(RED, 'edi', migrations);
};

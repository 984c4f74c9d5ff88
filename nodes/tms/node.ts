/** Calls an operation of a partner of kind tms. */
import type { NodeAPI } from 'node-red';
import { defineAction } from '../common/action';
import { migrations } from './migrations';

export = function tms(RED: NodeAPI): void {
  defineAction(RED, 'tms', migrations);
};

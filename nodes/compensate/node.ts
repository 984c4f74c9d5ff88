/** Takes back what the plan has done, newest first. Once the pivot is passed there is no way back, only forward. */
import type { NodeAPI } from 'node-red';
import { FatalError } from '../../lib/model/errors';
import { defineNode } from '../common/define';
import { isWired, sendOn } from '../common/runtime';
import { compensateForm } from './form';
import { migrations } from './migrations';

export = function compensate(RED: NodeAPI): void {
  defineNode(RED, {
    type: 'reroute-compensate',
    form: compensateForm,
    migrations,
    start({ node, ref, engine, status }) {
      return async (message, send) => {
        const result = await engine.compensate(message, ref);
        message.compensation = result;
        if (result.pivotPassed) {
          status.show('attention', RED._('compensate.status.refused'));
          sendOn(send, 1, message);
          return;
        }
        if (result.failed > 0) {
          if (isWired(node, 2)) {
            status.show('failed', RED._('compensate.status.failed', { count: result.failed }));
            sendOn(send, 2, message);
            return;
          }
          throw new FatalError(
            'COMPENSATION_FAILED',
            `${result.failed} of the plan's steps could not be taken back`,
            {
              hint: 'Look at the effects of the case and take them back by hand; the steps already taken back are marked.',
              context: { undone: result.undone, failed: result.failed },
            },
          );
        }
        status.show('ok', RED._('compensate.status.done', { count: result.undone }));
        sendOn(send, 0, message);
      };
    },
  });
};

/** Raw payload to facts, by the connector of the partner that sent it. Reads the recorded bytes, whatever the flow did to `msg.payload`. */
import type { NodeAPI } from 'node-red';
import { defineNode } from '../common/define';
import { sendOn } from '../common/runtime';
import { normalizeForm } from './form';
import { migrations } from './migrations';

export = function normalize(RED: NodeAPI): void {
  defineNode(RED, {
    type: 'reroute-normalize',
    form: normalizeForm,
    migrations,
    start({ ref, engine, status }) {
      return async (message, send) => {
        const { facts, reports, acknowledgements } = await engine.normalize(message);
        const rejected = reports.filter((report) => report.kind === 'rejected');
        if (rejected.length > 0) {
          await engine.report(message, ref, rejected);
          status.show('attention', RED._('normalize.status.rejected', { code: rejected[0]?.code ?? '' }));
        } else status.clear();
        // Two messages must not share what later nodes may change.
        const rest = facts.length > 0 && reports.length > 0 ? RED.util.cloneMessage(message) : message;
        // On one message only: what is owed is sent once.
        if (acknowledgements !== undefined) message.acknowledgements = acknowledgements;
        if (facts.length > 0) {
          message.facts = facts;
          send(message);
        }
        if (reports.length > 0) {
          rest.reports = reports;
          sendOn(send, 1, rest);
        }
      };
    },
  });
};

/** Facts into the ledger: appended once, the shipment folded, cases opened or advanced, in one commit. */
import type { NodeAPI } from 'node-red';
import { FatalError } from '../../lib/model/errors';
import type { FactDraft } from '../../lib/model/fact';
import { defineNode } from '../common/define';
import { checkFactDrafts, recordForm } from './form';
import { migrations } from './migrations';

export = function record(RED: NodeAPI): void {
  defineNode(RED, {
    type: 'reroute-record',
    form: recordForm,
    migrations,
    start({ ref, engine, status }) {
      return async (message, send) => {
        const { appended, duplicates, cases } = await engine.record(message, ref, draftsOf(message.facts));
        message.cases = cases;
        message.recorded = { appended, duplicates };
        status.clear();
        send(message);
      };
    },
  });
};

/** @throws FatalError NO_FACTS, FACT_INVALID naming the field */
function draftsOf(facts: unknown): FactDraft[] {
  if (!Array.isArray(facts)) {
    throw new FatalError('NO_FACTS', 'the message has no list of facts in msg.facts', {
      hint: 'Put record behind normalize.',
    });
  }
  const parsed = checkFactDrafts(facts);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.slice(0, 5).map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new FatalError('FACT_INVALID', `msg.facts does not hold valid facts: ${issues.join('; ')}`, {
    hint: 'Correct the node between normalize and record that changed them.',
  });
}

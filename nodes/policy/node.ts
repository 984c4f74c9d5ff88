/** Decides by a table which remediation a case gets, and sends the message on the output of that outcome. */
import type { NodeAPI } from 'node-red';
import type { FlowMessage } from '../../lib/engine/api';
import { compileExpression } from '../../lib/engine/expressions';
import { checkTable } from '../../lib/engine/policy-check';
import { FatalError } from '../../lib/model/errors';
import { manualOutcome } from '../../lib/model/policy';
import { defineNode, type NodeContext } from '../common/define';
import { sendOn } from '../common/runtime';
import { outcomesOf, type PolicyForm, policyForm } from './form';
import { migrations } from './migrations';

export = function policy(RED: NodeAPI): void {
  defineNode(RED, {
    type: 'reroute-policy',
    form: policyForm,
    migrations,
    start(context) {
      const { ref, form, engine, status } = context;
      refuseErrors(form);
      const outcomes = outcomesOf(form.table);
      const readInputs = inputReader(context);
      return async (message, send) => {
        const decision = await engine.decide(message, ref, form.table, await readInputs(message));
        message.decision = decision;
        const index = outcomes.indexOf(decision.outcome);
        status.show(decision.outcome === manualOutcome ? 'attention' : 'ok', decision.outcome);
        // A person may have decided what the table does not know: that case is a person's too.
        sendOn(send, index < 0 ? outcomes.length - 1 : index, message);
      };
    },
  });
};

/** @throws FatalError POLICY_INVALID: a table with an error decides nothing */
function refuseErrors({ table, expressions }: PolicyForm): void {
  const errors = checkTable({ table, expressions }).filter((issue) => issue.severity === 'error');
  if (errors.length === 0) return;
  throw new FatalError(
    'POLICY_INVALID',
    `the table ${table.name} cannot decide: ${errors.map((issue) => issue.message).join(' ')}`,
    {
      hint: 'Open the node: it marks the rows.',
    },
  );
}

/** An input that cannot be computed from this message is a missing input, which the table hands to a person. */
function inputReader({
  form,
  node,
}: NodeContext<PolicyForm>): (message: FlowMessage) => Promise<Record<string, unknown>> {
  const readers = form.table.inputs.map(
    ({ name }) =>
      [name, compileExpression(form.expressions[name] ?? '', `the expression of ${name}`)] as const,
  );
  return async (message) => {
    const inputs: Record<string, unknown> = {};
    for (const [name, read] of readers) {
      try {
        inputs[name] = await read(message);
      } catch (error) {
        node.warn(error instanceof Error ? error.message : String(error));
      }
    }
    return inputs;
  };
}

/** Asks people: choices with their consequences, two persons above a limit, a default when nobody answers; parked meanwhile. */
import type { NodeAPI } from 'node-red';
import type { AskRequest, FlowMessage } from '../../lib/engine/api';
import { compileExpression } from '../../lib/engine/expressions';
import { FatalError } from '../../lib/model/errors';
import type { Money } from '../../lib/model/fact';
import { durationMs } from '../common/config';
import { defineNode } from '../common/define';
import { resumeAt } from '../common/resume';
import { isWired, sendOn } from '../common/runtime';
import { type DecisionForm, decisionForm } from './form';
import { migrations } from './migrations';

export = function decision(RED: NodeAPI): void {
  defineNode(RED, {
    type: 'reroute-decision',
    form: decisionForm,
    migrations,
    start(context) {
      const { node, ref, form, engine, status } = context;
      const textOf = form.text.startsWith('=')
        ? compileExpression(form.text.slice(1), 'the question')
        : undefined;
      const fixed = requestOf(form);
      // An answer, and the end of the time, bring the message here again.
      resumeAt(context);
      return async (message: FlowMessage, send) => {
        const text = textOf ? String(await textOf(message)) : form.text;
        const outcome = await engine.ask(message, { ...fixed, node: ref, text });
        if (outcome.kind === 'parked') {
          status.show('waiting', RED._('decision.status.asked'));
          return;
        }
        const last = form.choices.length;
        if (outcome.kind === 'no answer') {
          status.show('attention', RED._('decision.status.unanswered'));
          if (!isWired(node, last)) throw unanswered(form);
          message.decision = { outcome: null };
          sendOn(send, last, message);
          return;
        }
        const { choice, then, by } = outcome;
        message.decision = { outcome: choice, then, by };
        status.show('ok', choice);
        sendOn(
          send,
          form.choices.findIndex(({ id }) => id === choice),
          message,
        );
      };
    },
  });
};

function requestOf(form: DecisionForm): Omit<AskRequest, 'node' | 'text'> {
  const { decision: name, decisionVersion: version, choices, fallback, within, withinUnit } = form;
  const approvalLimit = limitOf(form);
  return {
    ...{ name, version },
    choices: choices.map((choice) => ({ ...choice, then: {} })),
    ...(approvalLimit ? { approvalLimit } : {}),
    ...(within === undefined ? {} : { withinMs: durationMs(within, withinUnit) }),
    ...(fallback === '' ? {} : { default: fallback }),
  };
}

/** Minor units by ISO 4217, as the platform knows them: two for EUR, none for JPY. */
function limitOf({ limitAmount, limitCurrency }: DecisionForm): Money | undefined {
  if (limitAmount === undefined) return undefined;
  const format = new Intl.NumberFormat('en', { style: 'currency', currency: limitCurrency });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  return { amountMinor: String(Math.round(limitAmount * 10 ** digits)), currency: limitCurrency };
}

const unanswered = ({ decision: name }: DecisionForm) =>
  new FatalError('NOT_DECIDED', `nobody has decided ${name} in time`, {
    hint: 'Wire the last output to what is done then, or give the decision a default.',
  });

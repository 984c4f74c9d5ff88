/** Replays dead letters: by the button in the editor, or by a message that may bring its own filter. Previews unless told otherwise. */
import type { NodeAPI } from 'node-red';
import type { FlowMessage, NodeEngine, ReplayFilter } from '../../lib/engine/api';
import { FatalError } from '../../lib/model/errors';
import type { ReplayNode } from '../common/admin';
import { durationMs } from '../common/config';
import { defineNode } from '../common/define';
import { filterMessage, replayForm } from './form';
import { migrations } from './migrations';

export = function replay(RED: NodeAPI): void {
  defineNode(RED, {
    type: 'reroute-replay',
    form: replayForm,
    migrations,
    start({ node, form, engine, status }) {
      const run = async (by: string, given: ReplayFilter) => {
        const since =
          form.sinceAmount === undefined
            ? {}
            : { since: Date.now() - durationMs(form.sinceAmount, form.sinceUnit) };
        const answer = await engine.replay({
          name: node.name || form.reason,
          reason: form.reason,
          by,
          mode: form.mode,
          filter: scoped({ ...formFilter(form), ...since, ...given }),
        });
        status.show('ok', RED._(`replay.status.${form.mode}`, { count: answer.count }));
        return answer;
      };
      const pressed: ReplayNode = {
        async press(by) {
          const answer = await run(by, {});
          node.send({ payload: answer });
          return answer;
        },
      };
      Object.assign(node, pressed);
      return async (message, send) => {
        message.payload = await run(`flow ${node.name || node.id}`, givenFilter(message));
        send(message);
      };
    },
  });
};

function formFilter({
  partner,
  deadLetterReason: reason,
  fingerprint,
}: {
  partner: string;
  deadLetterReason: string;
  fingerprint: string;
}): ReplayFilter {
  return {
    ...(partner === '' ? {} : { partner }),
    ...(reason === '' ? {} : { reason }),
    ...(fingerprint === '' ? {} : { fingerprint }),
  };
}

/** Replaying everything there is is never what somebody meant. */
function scoped(filter: ReplayFilter): ReplayFilter {
  if (Object.keys(filter).length > 0) return filter;
  throw new FatalError(
    'REPLAY_UNSCOPED',
    'the replay has no filter, so it would take every dead letter there is',
    {
      hint: 'Give a partner, a reason, a fingerprint, an age or ids, in the node or in msg.filter.',
    },
  );
}

function givenFilter(message: FlowMessage): Parameters<NodeEngine['replay']>[0]['filter'] {
  const { filter } = message as { filter?: unknown };
  if (filter === undefined) return {};
  const parsed = filterMessage.safeParse(filter);
  if (!parsed.success) {
    const issues = parsed.error.issues.map(
      (issue) => `${issue.path.join('.') || 'filter'}: ${issue.message}`,
    );
    throw new FatalError('FILTER_INVALID', `msg.filter is wrong: ${issues.join('; ')}`, {
      hint: 'It takes partner, reason, fingerprint, since and ids.',
    });
  }
  return Object.fromEntries(Object.entries(parsed.data).filter(([, value]) => value !== undefined));
}

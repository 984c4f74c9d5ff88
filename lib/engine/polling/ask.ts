/** One question of a connector's poller, asked through the partner's lane, its answer made durable. */
import { randomUUID } from 'node:crypto';
import type { Poller, PollRequest, PollResult } from '../../connectors/kit/poll';
import { FatalError } from '../../model/errors';
import type { EngineDeps } from '../deps';
import type { Partner } from '../partners/registry';
import { deliver, type Take, throughLane } from './deliver';

export interface Answered {
  news: number;
  result: PollResult;
}

export interface Asking {
  deps: EngineDeps;
  partner: Partner;
  poller: Poller;
  take: Take;
}

/** @throws FatalError FETCHED_TOO_LARGE: the question is asked again until the limit is raised, so that nothing is passed over */
export async function ask(
  { deps, partner, poller, take }: Asking,
  request: PollRequest,
  stopped: () => boolean,
): Promise<Answered> {
  const id = randomUUID();
  const result = await throughLane(partner.lane, () =>
    poller.poll(request, partner.callContext({ idempotencyKey: id, correlationId: id, now: deps.now() })),
  );
  let news = 0;
  for (const delivery of result.deliveries) {
    const taken = await deliver(take, delivery, stopped);
    if (!taken.durable) throw tooLarge(delivery.body.byteLength, taken.limitBytes);
    if (taken.isNew) news += 1;
  }
  return { news, result };
}

function tooLarge(size: number, limit: number): FatalError {
  return new FatalError(
    'FETCHED_TOO_LARGE',
    `an answer holds ${size} bytes, the partner's limit is ${limit}`,
    {
      hint: "Raise the partner's size limit: it is fetched again by itself, nothing is passed over.",
    },
  );
}

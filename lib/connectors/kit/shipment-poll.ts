/** Pollers of carriers that answer for one tracking number at a time: the answer is delivered as it came, and only when it is news. */
import { FatalError, RetryableError } from '../../model/errors';
import type { CallContext, Inbound } from './connector';
import type { HttpResponse } from './http';
import { isBusy, retryAfterMs } from './outbound';
import type { Poller, PollRequest, PollResult } from './poll';

export interface ShipmentPoll {
  vendor: string;
  interval: Poller['interval'];
  /** As `Poller.carriers`: needed where facts name the carrier otherwise than the connector. */
  carriers?: Poller['carriers'];
  /** Its dedup key of an answer leaves out what differs with every poll: the same key again is no news. */
  inbound: Inbound;
  read(trackingNumber: string, call: CallContext): Promise<HttpResponse>;
  /** True when the answer says that nothing more will come: delivered, returned, cancelled. */
  isFinal(answer: unknown): boolean;
  /** Parses the answer for `isFinal`; JSON where it is left out. */
  parse?(response: HttpResponse): unknown;
}

/** Header under which a delivery names the number that was asked for: some answers do not repeat it. */
export const askedNumberHeader = 'x-tracking-number';

/** A number that the carrier does not know yet (404) is asked for again; busy answers pause. */
export function shipmentPoller(poll: ShipmentPoll): Poller {
  return {
    subject: 'shipments',
    interval: poll.interval,
    ...(poll.carriers === undefined ? {} : { carriers: poll.carriers }),
    async poll(request, call) {
      if (request.trackingNumber === undefined) return { deliveries: [], more: false };
      const response = await poll.read(request.trackingNumber, call);
      if (isBusy(response)) {
        const pauseMs = retryAfterMs(response, call.now);
        return { deliveries: [], more: false, ...(pauseMs === undefined ? {} : { pauseMs }) };
      }
      if (response.status === 404) return { deliveries: [], more: false };
      if (response.status < 200 || response.status >= 300) throw refused(poll.vendor, response);
      return news(poll, request, response);
    },
  };
}

function news(poll: ShipmentPoll, request: PollRequest, response: HttpResponse): PollResult {
  const contentType = response.headers['content-type'];
  const delivery = {
    headers: {
      ...(contentType === undefined ? {} : { 'content-type': contentType }),
      ...(request.trackingNumber === undefined ? {} : { [askedNumberHeader]: request.trackingNumber }),
    },
    body: response.body,
  };
  const cursor = poll.inbound.identify(delivery).dedupKey;
  const finished = poll.isFinal(poll.parse === undefined ? response.json() : poll.parse(response));
  return {
    deliveries: cursor === request.cursor ? [] : [delivery],
    cursor,
    more: false,
    ...(finished ? { finished } : {}),
  };
}

function refused(vendor: string, { status }: HttpResponse) {
  const message = `${vendor} answered HTTP ${status} to a poll`;
  if (status >= 500 || status === 408)
    return new RetryableError('POLL_UNANSWERED', message, { hint: 'It is polled again by itself.' });
  return new FatalError('POLL_REFUSED', message, {
    hint: "Check the partner's credentials and settings.",
  });
}

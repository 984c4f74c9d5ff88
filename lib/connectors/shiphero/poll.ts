/**
 * Orders that were updated. ShipHero itself advises it: "the webhook delivery is not always guaranteed"
 * (https://developer.shiphero.com/webhooks). Small pages, because credits are charged by what is asked for.
 */
import type { CallContext } from '../kit/connector';
import { graphqlBody } from '../kit/graphql';
import { isBusy, reading } from '../kit/outbound';
import type { Poller, PollRequest, PollResult } from '../kit/poll';
import { afterPage, deliveryOf, pausedPoll, pollFailed, roundOf } from '../kit/poll-round';
import { object, text } from '../kit/text';
import { creditPause, postGraphql } from './client';
import { nodesOf } from './ids';
import { holdFields } from './order';

const query = `query Updated($from: ISODateTime, $after: String) {
  orders(updated_from: $from) {
    request_id
    complexity
    data(first: 20, after: $after) {
      pageInfo { hasNextPage endCursor }
      edges {
        node {
          id order_number partner_order_id fulfillment_status updated_at ${holdFields}
          line_items(first: 20) { edges { node { id sku quantity backorder_quantity } } }
          shipments { id created_date shipping_labels { tracking_number carrier } }
        }
      }
    }
  }
}`;

async function poll(request: PollRequest, call: CallContext): Promise<PollResult> {
  const round = roundOf(request, call.now);
  const variables = { from: new Date(round.since).toISOString(), after: round.place };
  const response = await reading(() => postGraphql(call, query, variables));
  const pause = creditPause(response);
  if (pause !== undefined || isBusy(response)) return pausedPoll(response, call, pause);
  const orders = object(graphqlBody(response)?.data?.orders);
  if (response.status !== 200 || orders === undefined) throw pollFailed('ShipHero', response);
  const page = object(object(orders.data)?.pageInfo);
  const next = page?.hasNextPage === true ? text(page.endCursor, 500) : undefined;
  const deliveries = nodesOf(orders.data).length === 0 ? [] : [deliveryOf(response)];
  return { deliveries, ...afterPage(round, next) };
}

export const poller: Poller = { subject: 'feed', interval: { minMs: 120_000, maxMs: 900_000 }, poll };

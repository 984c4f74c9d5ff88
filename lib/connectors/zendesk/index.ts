import type { Connector, Operation } from '../kit/connector';
import { deskOperations } from '../kit/desk';
import { inbound } from './inbound';
import { manifest } from './manifest';
import { desk } from './tickets';

/** https://developer.zendesk.com/api-reference/introduction/rate-limits/ */
const rateLimitHeaders = [
  'x-rate-limit',
  'x-rate-limit-remaining',
  'ratelimit-limit',
  'ratelimit-remaining',
  'ratelimit-reset',
  'retry-after',
];

/** Lists of tickets have a limit of their own, `total=100; remaining=99; resets=41`: what searches by our key may meet it. */
const listing = new Set(['openCase', 'findCase']);
const withListLimit = (one: Operation): Operation =>
  listing.has(one.id)
    ? { ...one, rateLimitHeaders: [...(one.rateLimitHeaders ?? []), 'zendesk-ratelimit-tickets-index'] }
    : one;

export const connector: Connector = {
  manifest,
  inbound,
  operations: deskOperations(desk, { rateLimitHeaders }, { idempotencyHeader: 'Idempotency-Key' }).map(
    withListLimit,
  ),
};

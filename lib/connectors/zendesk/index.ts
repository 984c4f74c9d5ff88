import type { Connector } from '../kit/connector';
import { deskOperations } from '../kit/desk';
import { inbound } from './inbound';
import { manifest } from './manifest';
import { desk } from './tickets';

/** https://developer.zendesk.com/api-reference/introduction/rate-limits/ */
const rateLimitHeaders = ['x-rate-limit', 'x-rate-limit-remaining', 'ratelimit-reset', 'retry-after'];

export const connector: Connector = {
  manifest,
  inbound,
  operations: deskOperations(desk, { rateLimitHeaders }, { idempotencyHeader: 'Idempotency-Key' }),
};

import type { Connector } from '../kit/connector';
import { deskOperations } from '../kit/desk';
import { manifest } from './manifest';
import { desk } from './tickets';

/** "Inbound REST API rate limiting": the headers with which an instance states its limits. */
const rateLimitHeaders = ['x-ratelimit-limit', 'x-ratelimit-remaining', 'x-ratelimit-reset', 'retry-after'];

export const connector: Connector = { manifest, operations: deskOperations(desk, { rateLimitHeaders }) };

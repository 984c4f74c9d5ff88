import type { Connector } from '../kit/connector';
import { deskOperations } from '../kit/desk';
import { manifest } from './manifest';
import { desk } from './tickets';

/** https://developer.atlassian.com/cloud/jira/platform/rate-limiting/ */
const rateLimitHeaders = ['x-ratelimit-limit', 'x-ratelimit-remaining', 'x-ratelimit-reset', 'retry-after'];

export const connector: Connector = { manifest, operations: deskOperations(desk, { rateLimitHeaders }) };

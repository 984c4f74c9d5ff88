import { type Connector, declaring } from '../kit/connector';
import { manifest } from './manifest';
import { comment } from './operations/comment';
import { findCase } from './operations/find-case';
import { openCase } from './operations/open-case';
import { reopen } from './operations/reopen';
import { resolve } from './operations/resolve';
import { syncEta } from './operations/sync-eta';

/** docs/partner-rest.md: 429 and 503 carry `Retry-After`. */
export const connector: Connector = {
  manifest,
  operations: declaring({ rateLimitHeaders: ['retry-after'] }, [
    openCase,
    comment,
    resolve,
    reopen,
    findCase,
    syncEta,
  ]),
};

import type { Connector } from '../kit/connector';
import { manifest } from './manifest';
import { comment } from './operations/comment';
import { findCase } from './operations/find-case';
import { openCase } from './operations/open-case';
import { reopen } from './operations/reopen';
import { resolve } from './operations/resolve';
import { syncEta } from './operations/sync-eta';

export const connector: Connector = {
  manifest,
  operations: [openCase, comment, resolve, reopen, findCase, syncEta],
};

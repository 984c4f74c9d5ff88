/** Customer shipments that changed: Tryton sends no events, but keeps when a record was written. */

import { z } from 'zod';
import { FatalError, RetryableError } from '../../model/errors';
import { afterPage, openWindow } from '../kit/change-feed';
import type { Poller } from '../kit/poll';
import { rpc } from './rpc';
import { momentValue, toMoment } from './values';

const pageSize = 200;

/** What the mapping reads of a shipment. */
export const polledFields = [
  'number',
  'state',
  'reference',
  'planned_date',
  'write_date',
  'warehouse.code',
  ...['quantity', 'state', 'product.code', 'uom.symbol', 'origin', 'sale.number'].map(
    (field) => `outgoing_moves.${field}`,
  ),
];

const page = z.array(z.looseObject({ id: z.int(), write_date: momentValue }));

export const poll: Poller = {
  subject: 'feed',
  interval: { minMs: 30_000, maxMs: 300_000 },
  async poll({ cursor, since }, call) {
    const window = openWindow(cursor, since, call.now);
    const domain = [
      ['write_date', '>=', toMoment(window.from)],
      ['id', '>', window.afterId],
    ];
    const params = [domain, 0, pageSize, [['id', 'ASC']], polledFields];
    const answer = await rpc(call, 'model.stock.shipment.out.search_read', params, page);
    if (!answer.ok) {
      const { outcome, message } = answer.refusal;
      throw outcome === 'fatal'
        ? new FatalError('POLL_REFUSED', message, {
            hint: 'Correct the partner settings or the rights of its user.',
          })
        : new RetryableError('POLL_FAILED', message, { hint: 'It is asked again by itself.' });
    }
    const found = answer.value.map(({ id, write_date: at }) => ({ id, changedAt: at ?? window.from }));
    const next = afterPage(window, found, found.length === pageSize);
    const deliveries =
      found.length === 0 ? [] : [{ headers: { 'content-type': 'application/json' }, body: answer.body }];
    return { deliveries, ...next };
  },
};

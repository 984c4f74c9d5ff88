/** Deliveries that changed: Odoo sends no events of its own, but keeps when a record was written. */
import { z } from 'zod';
import { FatalError, RetryableError } from '../../model/errors';
import { afterPage, openWindow } from '../kit/change-feed';
import type { Poller } from '../kit/poll';
import { odoo } from './rpc';

const pageSize = 200;

/** What the mapping reads of a delivery. */
export const polledFields = [
  'name',
  'state',
  'origin',
  'scheduled_date',
  'date_done',
  'write_date',
  'location_id',
];

const page = z.array(z.looseObject({ id: z.int(), write_date: z.string() }));

/** `2026-03-02 08:30:05`, in UTC: how Odoo writes and takes moments. */
const toMoment = (ms: number) => new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
const instantOf = (text: string) => Date.parse(`${text.replace(' ', 'T')}Z`);

export const poll: Poller = {
  subject: 'feed',
  interval: { minMs: 30_000, maxMs: 300_000 },
  async poll({ cursor, since }, call) {
    const window = openWindow(cursor, since, call.now);
    const domain = [
      ['picking_type_code', '=', 'outgoing'],
      ['write_date', '>=', toMoment(window.from)],
      ['id', '>', window.afterId],
    ];
    const args = { domain, fields: polledFields, limit: pageSize, order: 'id' };
    const answer = await odoo(call, { model: 'stock.picking', method: 'search_read', args }, page);
    if (!answer.ok) {
      const { outcome, message } = answer.refusal;
      throw outcome === 'fatal'
        ? new FatalError('POLL_REFUSED', message, {
            hint: 'Correct the partner settings or the rights of its user.',
          })
        : new RetryableError('POLL_FAILED', message, { hint: 'It is asked again by itself.' });
    }
    const found = answer.value.map(({ id, write_date: written }) => {
      const at = instantOf(written);
      return { id, changedAt: Number.isNaN(at) ? window.from : at };
    });
    const next = afterPage(window, found, found.length === pageSize);
    const deliveries =
      found.length === 0 ? [] : [{ headers: { 'content-type': 'application/json' }, body: answer.body }];
    return { deliveries, ...next };
  },
};

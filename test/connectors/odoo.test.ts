import assert from 'node:assert/strict';
import type { HttpRequest } from '../../lib/connectors/kit/http';
import { connector } from '../../lib/connectors/odoo';
import { isRerouteError } from '../../lib/model/errors';
import { callOf } from '../support/http-port';

const answer = (json: unknown) => ({
  status: 200,
  headers: {},
  body: Buffer.from(JSON.stringify(json)),
  text: () => JSON.stringify(json),
  json: () => json,
});

/** Answers the sign-on, and every search with the next page. */
function pollerOf(pages: unknown[][], fault?: { name: string; message: string }) {
  const asked: unknown[] = [];
  const http = async (request: HttpRequest) => {
    const { service, args } = (request.json as { params: { service: string; args: unknown[] } }).params;
    if (service === 'common') return answer({ result: 7 });
    asked.push((args[6] as { domain: unknown }).domain);
    return answer(fault === undefined ? { result: pages.shift() ?? [] } : { error: { data: fault } });
  };
  const call = callOf(http, {
    settings: { database: 'odoo' },
    secrets: { username: ['bot'], apiKey: ['k'] },
  });
  assert.ok(connector.poll);
  return { asked, call, poll: connector.poll };
}
const record = (id: number, written: string) => ({
  id,
  name: `OUT/${id}`,
  state: 'done',
  write_date: written,
});

describe('odoo deliveries', () => {
  it('are fetched page by page, then only what changed since', async () => {
    const full = Array.from({ length: 200 }, (_, at) => record(at + 1, '2026-03-02 07:00:00'));
    const { asked, call, poll } = pollerOf([full, [record(201, '2026-03-02 07:30:00')], []]);
    const since = Date.parse('2026-03-02T06:00:00Z');
    const first = await poll.poll({ since }, call);
    assert.deepEqual([first.deliveries.length, first.more], [1, true]);
    const second = await poll.poll({ since, cursor: first.cursor ?? '' }, call);
    assert.deepEqual([second.deliveries.length, second.more], [1, false]);
    const third = await poll.poll({ since, cursor: second.cursor ?? '' }, call);
    assert.deepEqual([third.deliveries.length, third.more], [0, false]);
    const outgoing = ['picking_type_code', '=', 'outgoing'];
    assert.deepEqual(asked, [
      [outgoing, ['write_date', '>=', '2026-03-02 06:00:00'], ['id', '>', 0]],
      [outgoing, ['write_date', '>=', '2026-03-02 06:00:00'], ['id', '>', 200]],
      [outgoing, ['write_date', '>=', '2026-03-02 07:30:01'], ['id', '>', 0]],
    ]);
  });

  it('are not fetched by a user who may not see them, and a person is told', async () => {
    const { call, poll } = pollerOf([], { name: 'odoo.exceptions.AccessError', message: 'no' });
    await assert.rejects(
      poll.poll({ since: 0 }, call),
      (error) => isRerouteError(error) && error.code === 'POLL_REFUSED',
    );
  });
});

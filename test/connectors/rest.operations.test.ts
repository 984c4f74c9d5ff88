import assert from 'node:assert/strict';
import { connector as epcis } from '../../lib/connectors/epcis';
import type { Connector, OperationResult } from '../../lib/connectors/kit/connector';
import { HttpAmbiguousError } from '../../lib/connectors/kit/http';
import { connector as desk } from '../../lib/connectors/rest-desk';
import { connector as tms } from '../../lib/connectors/rest-tms';
import { callOf, type Handler, openPartner, operationOf, type TestPartner } from '../support/http-port';

let partner: TestPartner;
let handler: Handler = () => ({ status: 500 });

async function send(
  connector: Connector,
  id: string,
  input: unknown,
  options = {},
): Promise<OperationResult<unknown>> {
  const found = operationOf(connector.operations, id);
  const result = await found.send(found.input.parse(input), callOf(partner.http, options));
  if (result.outcome === 'ok') found.output.parse(result.output);
  return result;
}

function lookUp(connector: Connector, id: string, input: unknown) {
  const found = operationOf(connector.operations, id);
  assert.ok(found.lookUp);
  return found.lookUp(found.input.parse(input), callOf(partner.http));
}

const problem = (status: number, code: string) => ({ status, json: { code, detail: `because ${code}` } });
const key = 'ab'.repeat(32);

/** What needs a partner that remembers: single calls are fixtures of their connectors. */
describe('operations over docs/partner-rest.md', () => {
  beforeEach(async () => {
    partner = await openPartner((message) => handler(message));
  });
  afterEach(() => partner.close());

  describe('the rules for every call', () => {
    const wanted = { orderNumber: '4711', carrier: 'ups' };
    const bookWith = async (status: number, headers: Record<string, string> = {}) => {
      handler = () => ({ status, headers });
      return send(tms, 'book', wanted);
    };

    it('waits as long as the partner says, in seconds or until a date', async () => {
      assert.partialDeepStrictEqual(await bookWith(429, { 'retry-after': '3' }), {
        outcome: 'retryable',
        retryAfterMs: 3000,
      });
      assert.partialDeepStrictEqual(await bookWith(503, { 'retry-after': 'Mon, 02 Mar 2026 08:00:05 GMT' }), {
        outcome: 'retryable',
        retryAfterMs: 5000,
      });
    });

    it('carries token, key and correlation id', async () => {
      await bookWith(500);
      const [first] = partner.received;
      assert.equal(first?.headers.authorization, 'Bearer secret');
      assert.equal(first?.headers['idempotency-key'], key);
      assert.equal(first?.headers['x-correlation-id'], 'corr-1');
    });
  });

  describe('rest-tms', () => {
    const wanted = { orderNumber: '4711', carrier: 'ups' };
    const made = { id: 'BK-1', reference: key, state: 'CONFIRMED', carrier: 'ups' };

    it('books, and cancels to take it back', async () => {
      handler = (message) =>
        message.path === '/bookings'
          ? { status: 201, json: made }
          : { status: 200, json: { ...made, state: 'CANCELLED' } };
      const result = await send(tms, 'book', wanted);
      assert.deepEqual(result, { outcome: 'ok', output: made, confirmed: true, reference: 'BK-1' });
      const { undo, input } = operationOf(tms.operations, 'book');
      assert.ok(undo && result.outcome === 'ok');
      const back = await send(tms, undo.operation, undo.input(input.parse(wanted), result.output));
      assert.partialDeepStrictEqual(back, { outcome: 'ok', confirmed: true });
      assert.equal(partner.received[1]?.path, '/bookings/BK-1/cancel');
    });

    it('adopts the booking that a time-out left behind, and never a cancelled one', async () => {
      const book: Record<string, unknown>[] = [];
      handler = (message) => {
        if (message.method === 'GET')
          return {
            status: 200,
            json: { items: book.filter((one) => one.reference === message.query.get('reference')) },
          };
        book.push({ ...made, reference: message.body.reference });
        return 'hang';
      };
      assert.deepEqual(await lookUp(tms, 'book', wanted), { found: false });
      await assert.rejects(send(tms, 'book', wanted), HttpAmbiguousError);
      assert.partialDeepStrictEqual(await lookUp(tms, 'book', wanted), {
        found: true,
        confirmed: true,
        reference: 'BK-1',
      });
      book[0] = { ...made, state: 'CANCELLED' };
      assert.deepEqual(await lookUp(tms, 'book', wanted), { found: false });
    });

    it('finds bookings by reference, and no others where the TMS ignores the filter', async () => {
      handler = () => ({
        status: 200,
        json: {
          items: [
            { ...made, reference: '4711' },
            { ...made, id: 'BK-2', reference: '4712' },
          ],
        },
      });
      assert.partialDeepStrictEqual(await send(tms, 'findBookings', { reference: '4711' }), {
        outcome: 'ok',
        output: { items: [{ id: 'BK-1' }] },
      });
      assert.equal(partner.received[0]?.query.get('reference'), '4711');
      handler = () => ({ status: 500 });
      assert.equal((await send(tms, 'findBookings', { reference: '4711' })).outcome, 'retryable');
    });

    it('takes a cancellation back by booking the same transport again', () => {
      const { undo, input } = operationOf(tms.operations, 'cancel');
      assert.ok(undo);
      const cancelled = { ...made, state: 'CANCELLED', orderNumber: '4711', service: 'ground' };
      assert.deepEqual(undo.input(input.parse({ bookingId: 'BK-1' }), cancelled), {
        orderNumber: '4711',
        carrier: 'ups',
        service: 'ground',
      });
      assert.equal(undo.operation, 'book');
    });
  });

  describe('rest-desk', () => {
    const wanted = { externalKey: 'case-1', subject: 'Short pick', description: 'Two of five' };
    const ticket = { id: 'T-1', externalKey: 'case-1', state: 'OPEN' };

    it('opens one, adopts it after a time-out, and resolves it to take it back', async () => {
      const tickets: unknown[] = [];
      handler = (message) => {
        if (message.method === 'GET') return { status: 200, json: { items: tickets } };
        if (message.path.endsWith('/resolve')) return { status: 200, json: { ...ticket, state: 'RESOLVED' } };
        tickets.push(ticket);
        return 'hang';
      };
      await assert.rejects(send(desk, 'openCase', wanted), HttpAmbiguousError);
      assert.partialDeepStrictEqual(await lookUp(desk, 'openCase', wanted), {
        found: true,
        reference: 'T-1',
      });
      assert.partialDeepStrictEqual(await send(desk, 'openCase', wanted), {
        outcome: 'ok',
        reference: 'T-1',
      });
      assert.equal(tickets.length, 1);
      const { undo, input } = operationOf(desk.operations, 'openCase');
      assert.ok(undo);
      const back = await send(desk, undo.operation, undo.input(input.parse(wanted), ticket));
      assert.partialDeepStrictEqual(back, { outcome: 'ok', confirmed: true });
    });

    it('comments once', async () => {
      const comments: unknown[] = [];
      handler = (message) => {
        if (message.method === 'GET') return { status: 200, json: { items: comments } };
        comments.push({ id: 'C-1', ticketId: 'T-1', externalKey: message.body.externalKey });
        return { status: 201, json: comments[0] };
      };
      for (const _ of [1, 2]) {
        assert.partialDeepStrictEqual(await send(desk, 'comment', { ticketId: 'T-1', body: 'Hello' }), {
          outcome: 'ok',
          reference: 'C-1',
        });
      }
      assert.equal(comments.length, 1);
    });
  });

  describe('epcis, the warehouse calls', () => {
    const line = { lineId: '10', item: 'SKU-1', quantity: { value: '5', uom: 'EA' } };
    const release = { reference: 'R-1', orderNumber: '4711', lines: [line] };

    it('reads stock', async () => {
      const stock = { item: 'SKU/1', asOf: '2026-03-02T08:00:00Z', locations: [] };
      handler = () => ({ status: 200, json: stock });
      assert.partialDeepStrictEqual(await send(epcis, 'readStock', { item: 'SKU/1', location: 'DC 1' }), {
        outcome: 'ok',
        output: stock,
      });
      assert.equal(partner.received[0]?.query.get('location'), 'DC 1');
    });

    it('reserves, gives back, and reads that it is given back', async () => {
      let state = 'RESERVED';
      handler = (message) => {
        if (message.method === 'DELETE') {
          state = 'RELEASED';
          return { status: 204 };
        }
        return { status: message.method === 'POST' ? 201 : 200, json: { id: 'RSV-1', state } };
      };
      const wanted = { orderNumber: '4711', lines: [line] };
      const result = await send(epcis, 'reserveStock', wanted);
      const { undo, input } = operationOf(epcis.operations, 'reserveStock');
      assert.ok(undo && result.outcome === 'ok');
      const back = await send(epcis, undo.operation, undo.input(input.parse(wanted), result.output));
      assert.partialDeepStrictEqual(back, { outcome: 'ok', confirmed: true, output: { state: 'RELEASED' } });
    });

    it('does not confirm a DELETE that did nothing', async () => {
      handler = (message) =>
        message.method === 'DELETE'
          ? { status: 204 }
          : { status: 200, json: { id: 'RSV-1', state: 'RESERVED' } };
      assert.partialDeepStrictEqual(await send(epcis, 'releaseReservation', { reservationId: 'RSV-1' }), {
        outcome: 'ok',
        confirmed: false,
      });
    });

    it('calls too little stock a short pick', async () => {
      handler = () => problem(409, 'INSUFFICIENT_STOCK');
      const result = await send(epcis, 'reserveStock', { orderNumber: '4711', lines: [line] });
      assert.partialDeepStrictEqual(result, { outcome: 'business', code: 'INVENTORY_SHORT_PICK' });
    });

    it('adopts a release after a time-out, and reports one that the warehouse refused', async () => {
      handler = (message) =>
        message.method === 'POST' ? 'hang' : { status: 200, json: { reference: 'R-1', state: 'PICKING' } };
      await assert.rejects(send(epcis, 'releaseToWarehouse', release), HttpAmbiguousError);
      assert.partialDeepStrictEqual(await lookUp(epcis, 'releaseToWarehouse', release), {
        found: true,
        confirmed: true,
      });
      handler = () => problem(404, 'RELEASE_UNKNOWN');
      assert.deepEqual(await lookUp(epcis, 'releaseToWarehouse', release), { found: false });
      handler = () => ({ status: 200, json: { reference: 'R-1', state: 'REFUSED' } });
      assert.partialDeepStrictEqual(await send(epcis, 'releaseToWarehouse', release), {
        outcome: 'fatal',
        vendorCode: 'REFUSED',
      });
    });
  });
});

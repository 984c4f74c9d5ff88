import assert from 'node:assert/strict';
import type { OperationResult } from '../../lib/connectors/kit/connector';
import { HttpAmbiguousError, HttpNotSentError } from '../../lib/connectors/kit/http';
import { connector } from '../../lib/connectors/s4hana';
import {
  callOf,
  openHttpPort,
  openPartner,
  operationOf,
  type Received,
  type Reply,
  type TestPartner,
} from '../support/http-port';

/** A sales order in a small stand-in that keeps SAP's rules: CSRF token bound to a session, ETag, 412 and 428. */
class Sap {
  order: Record<string, unknown> = {
    SalesOrder: '4711',
    DeliveryBlockReason: '',
    HeaderBillingBlockReason: '',
  };
  item: Record<string, unknown> = {
    SalesOrder: '4711',
    SalesOrderItem: '10',
    RequestedQuantity: '5.000',
    SalesDocumentRjcnReason: '',
  };
  lines: Record<string, unknown>[] = [
    {
      SalesOrder: '4711',
      SalesOrderItem: '10',
      ScheduleLine: '1',
      ScheduleLineOrderQuantity: '5',
      RequestedDeliveryDate: '/Date(1772409600000)/',
    },
  ];
  texts: Record<string, unknown>[] = [];
  version = 1;
  sessions = 0;
  writes = 0;
  /** One-off faults, taken in order by the writes. */
  faults: ((write: () => Reply) => Reply | 'hang')[] = [];
  itemHasEtag = true;

  handle = (message: Received): Reply | 'hang' => {
    if (message.method === 'GET') return this.get(message);
    const session = `S${this.sessions}`;
    if (
      message.headers['x-csrf-token'] !== `T${session}` ||
      message.headers.cookie !== `SAP_SESSIONID=${session}`
    ) {
      return { status: 403, headers: { 'x-csrf-token': 'Required' } };
    }
    const fault = this.faults.shift();
    return fault ? fault(() => this.write(message)) : this.write(message);
  };

  private get(message: Received): Reply {
    const headers: Record<string, string> = {};
    if (message.headers['x-csrf-token']?.toLowerCase() === 'fetch') {
      if (!message.headers.cookie?.includes(`S${this.sessions}`)) this.sessions += 1;
      headers['x-csrf-token'] = `TS${this.sessions}`;
      headers['set-cookie'] = `SAP_SESSIONID=S${this.sessions}; path=/; HttpOnly`;
    }
    const found = this.find(message.path);
    if (found === undefined) {
      return {
        status: 404,
        headers,
        json: {
          error: { code: '/IWBEP/CM_MGW_RT/020', message: { lang: 'en', value: 'Resource not found' } },
        },
      };
    }
    const etag =
      Array.isArray(found) || (found === this.item && !this.itemHasEtag) ? {} : { etag: this.etag() };
    return {
      status: 200,
      headers: { ...headers, ...etag },
      json: { d: Array.isArray(found) ? { results: found } : found },
    };
  }

  private find(path: string) {
    const entity = path.slice(path.lastIndexOf('API_SALES_ORDER_SRV') + 'API_SALES_ORDER_SRV'.length);
    if (entity === '/') return {};
    if (entity.endsWith('/to_ScheduleLine')) return this.lines;
    if (entity.startsWith("/A_SalesOrderItem(SalesOrder='4711',SalesOrderItem='10'")) return this.item;
    if (entity.startsWith('/A_SalesOrderScheduleLine')) {
      return this.lines.find((line) => entity.includes(`ScheduleLine='${String(line.ScheduleLine)}'`));
    }
    if (entity.startsWith('/A_SalesOrderText')) return this.texts[0];
    if (entity === "/A_SalesOrder('4711')") {
      return {
        ...this.order,
        to_Item: { results: [{ ...this.item, to_ScheduleLine: { results: this.lines } }] },
      };
    }
    return undefined;
  }

  private write(message: Received): Reply {
    const created = message.method === 'POST';
    if (!created && message.headers['if-match'] === undefined) return { status: 428 };
    if (!created && message.headers['if-match'] !== this.etag()) return { status: 412 };
    this.writes += 1;
    this.version += 1;
    if (message.path.endsWith('/to_ScheduleLine')) {
      this.lines.push({ SalesOrder: '4711', SalesOrderItem: '10', ScheduleLine: '2', ...message.body });
    } else if (message.path.endsWith('/to_Text')) {
      this.texts.push({ SalesOrder: '4711', ...message.body });
    } else if (message.method === 'DELETE') {
      this.lines = this.lines.filter(
        (line) => !message.path.includes(`ScheduleLine='${String(line.ScheduleLine)}'`),
      );
    } else {
      const found = message.path.endsWith("/A_SalesOrder('4711')") ? this.order : this.find(message.path);
      Object.assign(found ?? {}, message.body);
    }
    return created ? { status: 201, json: { d: this.lines.at(-1) } } : { status: 204 };
  }

  private etag = () => `W/"datetimeoffset'${this.version}'"`;
}

describe('s4hana operations', () => {
  let sap: Sap;
  let partner: TestPartner;
  beforeEach(async () => {
    sap = new Sap();
    partner = await openPartner((message) => sap.handle(message));
  });
  afterEach(() => partner.close());

  const send = (id: string, input: unknown, options = {}) => {
    const found = operationOf(connector.operations, id);
    return found.send(found.input.parse(input), callOf(partner.http, options));
  };
  const lookUp = (id: string, input: unknown, options = {}) => {
    const found = operationOf(connector.operations, id);
    assert.ok(found.lookUp);
    return found.lookUp(found.input.parse(input), callOf(partner.http, options));
  };
  const undo = (id: string, input: unknown, result: OperationResult<unknown>) => {
    const found = operationOf(connector.operations, id);
    assert.ok(found.undo && result.outcome === 'ok');
    return send(found.undo.operation, found.undo.input(found.input.parse(input), result.output));
  };
  const block = { document: '4711', reason: '01' };

  it('reads an order with its items, schedule lines and blocks', async () => {
    const result = await send('readOrder', { order: '4711' });
    assert.equal(result.outcome, 'ok');
    assert.partialDeepStrictEqual(result, {
      output: {
        order: '4711',
        lines: [
          {
            line: '10',
            quantity: '5',
            rejected: false,
            schedules: [{ quantity: '5', date: '2026-03-02' }],
          },
        ],
      },
    });
  });

  it('says that an order SAP does not know is an unresolved identifier', async () => {
    const result = await send('readOrder', { order: '9' });
    assert.deepEqual(
      [result.outcome, 'code' in result && result.code],
      ['business', 'IDENTIFIER_UNRESOLVED'],
    );
  });

  it('sets a delivery block under the ETag it read and confirms it by reading back', async () => {
    const result = await send('setDeliveryBlock', block);
    assert.deepEqual(result, {
      outcome: 'ok',
      confirmed: true,
      output: { document: '4711', blocked: true, reason: '01', previousReason: '' },
    });
    assert.equal(sap.order.DeliveryBlockReason, '01');
    assert.equal(
      partner.received.find((one) => one.method === 'PATCH')?.headers['if-match'],
      `W/"datetimeoffset'1'"`,
    );
  });

  it('takes a block back to what it was', async () => {
    const result = await send('setBillingBlock', block);
    await undo('setBillingBlock', block, result);
    assert.equal(sap.order.HeaderBillingBlockReason, '');
  });

  it("does not overwrite somebody else's block, and does when told to", async () => {
    sap.order.DeliveryBlockReason = '07';
    assert.equal((await send('setDeliveryBlock', block)).outcome, 'fatal');
    assert.equal(sap.order.DeliveryBlockReason, '07');
    assert.equal((await send('setDeliveryBlock', { ...block, replace: true })).outcome, 'ok');
    assert.equal(sap.order.DeliveryBlockReason, '01');
  });

  it('releases only the block it was asked for', async () => {
    sap.order.DeliveryBlockReason = '07';
    assert.equal((await send('releaseDeliveryBlock', block)).outcome, 'fatal');
    assert.equal((await send('releaseDeliveryBlock', { document: '4711' })).outcome, 'ok');
    assert.equal(sap.order.DeliveryBlockReason, '');
  });

  it('fetches a new CSRF token and session when SAP ended the old one', async () => {
    sap.faults.push(() => {
      sap.sessions += 1;
      return { status: 403, headers: { 'x-csrf-token': 'Required' } };
    });
    const result = await send('setDeliveryBlock', block);
    assert.equal(result.outcome, 'ok');
    assert.equal(sap.writes, 1);
  });

  it('gives up on tokens that SAP never accepts, without an endless loop', async () => {
    const refuse = () => ({ status: 403, headers: { 'x-csrf-token': 'Required' } });
    sap.faults.push(refuse, refuse, refuse, refuse, refuse);
    assert.equal((await send('setDeliveryBlock', block)).outcome, 'retryable');
    assert.equal(sap.writes, 0);
  });

  it('reads again after a 412 and changes the newer version', async () => {
    sap.faults.push(() => {
      sap.version += 1;
      return { status: 412 };
    });
    const result = await send('setDeliveryBlock', block);
    assert.equal(result.outcome, 'ok');
    assert.equal(sap.writes, 1);
    assert.equal(partner.received.filter((one) => one.method === 'PATCH').length, 2);
  });

  it('leaves a document that keeps changing to a later attempt', async () => {
    const conflict = () => ({ status: 412 });
    sap.faults.push(conflict, conflict, conflict, conflict);
    assert.equal((await send('setDeliveryBlock', block)).outcome, 'retryable');
    assert.equal(partner.received.filter((one) => one.method === 'PATCH').length, 3);
  });

  it('does not repeat a decision on an item that changed between 412 and the second read', async () => {
    sap.faults.push(() => {
      sap.version += 1;
      sap.item.RequestedQuantity = '7';
      return { status: 412 };
    });
    const result = await send('changeLineQuantity', { order: '4711', line: '10', from: '5', to: '3' });
    assert.deepEqual(
      [result.outcome, 'vendorCode' in result && result.vendorCode],
      ['fatal', 'STATE_CHANGED'],
    );
    assert.equal(sap.item.RequestedQuantity, '7');
  });

  it("answers a 428 with the order's ETag where the item has none of its own", async () => {
    sap.itemHasEtag = false;
    const result = await send('changeLineQuantity', { order: '4711', line: '10', from: '5', to: '3' });
    assert.deepEqual(result, {
      outcome: 'ok',
      confirmed: true,
      output: { order: '4711', line: '10', quantity: '3' },
    });
  });

  it('asks again under a guard when SAP demands a precondition', async () => {
    sap.faults.push(() => ({ status: 428 }));
    const result = await send('rejectLine', { order: '4711', line: '10', reason: '10' });
    assert.equal(result.outcome, 'ok');
    assert.equal(sap.item.SalesDocumentRjcnReason, '10');
  });

  it('throws an ambiguous error on a time-out, and the look-up adopts what was done', async () => {
    sap.faults.push((write) => {
      write();
      return 'hang';
    });
    await assert.rejects(send('setDeliveryBlock', block), HttpAmbiguousError);
    const found = await lookUp('setDeliveryBlock', block);
    assert.deepEqual([found.found, sap.writes], [true, 1]);
    assert.equal((await send('setDeliveryBlock', block)).outcome, 'ok');
    assert.equal(sap.writes, 1);
  });

  it('finds nothing to adopt when the request was lost before SAP worked on it', async () => {
    sap.faults.push(() => 'hang');
    await assert.rejects(send('setDeliveryBlock', block), HttpAmbiguousError);
    assert.deepEqual(await lookUp('setDeliveryBlock', block), { found: false });
  });

  it('does not confirm a 204 that did nothing', async () => {
    sap.faults.push(() => ({ status: 204 }));
    const result = await send('setDeliveryBlock', block);
    assert.deepEqual(result, {
      outcome: 'ok',
      confirmed: false,
      output: { document: '4711', blocked: false, reason: '', previousReason: '' },
    });
    assert.deepEqual(await lookUp('setDeliveryBlock', block), { found: false });
  });

  it('does not know the outcome of a 500 on a write', async () => {
    sap.faults.push(() => ({ status: 500 }));
    assert.equal((await send('setDeliveryBlock', block)).outcome, 'unknown');
  });

  it('waits as long as a busy SAP says', async () => {
    sap.faults.push(() => ({ status: 503, headers: { 'retry-after': '7' } }));
    assert.partialDeepStrictEqual(await send('setDeliveryBlock', block), {
      outcome: 'retryable',
      retryAfterMs: 7000,
    });
  });

  it('tries again on the messages that the partner calls passing, and on no others', async () => {
    const refusal = () => ({
      status: 400,
      json: { error: { code: 'ZZ/001', message: { lang: 'en', value: 'in use' } } },
    });
    sap.faults.push(refusal, refusal);
    assert.partialDeepStrictEqual(await send('setDeliveryBlock', block), {
      outcome: 'fatal',
      vendorCode: 'ZZ/001',
      message: 'in use',
    });
    assert.equal(
      (await send('setDeliveryBlock', block, { settings: { passingMessages: ['ZZ/001'] } })).outcome,
      'retryable',
    );
  });

  it('splits a schedule line, and finishes a split that was interrupted half way', async () => {
    const wanted = {
      order: '4711',
      line: '10',
      schedule: '1',
      quantity: '5',
      keepQuantity: '2',
      laterDate: '2026-03-09',
    };
    sap.faults.push(
      (write) => write(),
      () => 'hang',
    );
    await assert.rejects(send('splitLine', wanted), HttpAmbiguousError);
    assert.deepEqual(await lookUp('splitLine', wanted), { found: false });
    const result = await send('splitLine', wanted);
    assert.partialDeepStrictEqual(result, {
      outcome: 'ok',
      confirmed: true,
      output: { laterLine: '2', laterQuantity: '3' },
    });
    assert.deepEqual(
      sap.lines.map((line) => line.ScheduleLineOrderQuantity),
      ['2', '3'],
    );
    assert.equal((await send('splitLine', wanted)).outcome, 'ok');
    assert.equal(sap.lines.length, 2);
    await undo('splitLine', wanted, result);
    assert.deepEqual(
      sap.lines.map((line) => line.ScheduleLineOrderQuantity),
      ['5'],
    );
  });

  it('does not add the second schedule line when the first was not reduced', async () => {
    sap.faults.push(() => ({ status: 204 }));
    const wanted = {
      order: '4711',
      line: '10',
      schedule: '1',
      quantity: '5',
      keepQuantity: '2',
      laterDate: '2026-03-09',
    };
    assert.equal((await send('splitLine', wanted)).outcome, 'retryable');
    assert.equal(sap.lines.length, 1);
  });

  it('refuses to split nothing off', () => {
    const { input } = operationOf(connector.operations, 'splitLine');
    const wanted = {
      order: '4711',
      line: '10',
      schedule: '1',
      quantity: '5',
      laterDate: '2026-03-09',
    };
    assert.equal(input.safeParse({ ...wanted, keepQuantity: '5.0' }).success, false);
    assert.equal(input.safeParse({ ...wanted, keepQuantity: '6' }).success, false);
    assert.equal(input.safeParse({ ...wanted, keepQuantity: '4.9' }).success, true);
  });

  it('changes a schedule line and changes it back', async () => {
    const from = { quantity: '5', date: '2026-03-02' };
    const to = { quantity: '4', date: '2026-03-05' };
    const wanted = { order: '4711', line: '10', schedule: '1', from, to };
    const result = await send('changeSchedule', wanted);
    assert.partialDeepStrictEqual(result, { outcome: 'ok', confirmed: true, output: to });
    await undo('changeSchedule', wanted, result);
    assert.equal(sap.lines[0]?.ScheduleLineOrderQuantity, '5');
  });

  it('posts a note once, and appends to what others wrote', async () => {
    const wanted = { order: '4711', text: 'Short by two', textType: 'TX01' };
    assert.partialDeepStrictEqual(await send('postNote', wanted), { outcome: 'ok', confirmed: true });
    assert.partialDeepStrictEqual(await send('postNote', wanted), { outcome: 'ok', confirmed: true });
    assert.equal(sap.writes, 1);
    await send('postNote', { ...wanted, text: 'Second' }, { key: 'cd'.repeat(32) });
    assert.match(String(sap.texts[0]?.LongText), /Short by two \[RR-abab.*\]\nSecond \[RR-cdcd/);
  });

  it('uses the older secret while a rotation is under way', async () => {
    const old = sap.handle;
    sap.handle = (message) =>
      message.headers.authorization === 'Bearer old' ? old(message) : { status: 401 };
    const options = { settings: { authentication: 'bearer' }, secrets: { token: ['new', 'old'] } };
    assert.equal((await send('setDeliveryBlock', block, options)).outcome, 'ok');
    const gone = { settings: { authentication: 'bearer' }, secrets: { token: ['new'] } };
    assert.equal((await send('setDeliveryBlock', block, gone)).outcome, 'fatal');
  });

  it('says that nothing was sent when SAP cannot be reached', async () => {
    const closed = await openPartner(() => ({ status: 200 }));
    await closed.close();
    const port = openHttpPort(closed.base);
    const found = operationOf(connector.operations, 'setDeliveryBlock');
    await assert.rejects(found.send(found.input.parse(block), callOf(port.http)), HttpNotSentError);
    await port.close();
  });
});

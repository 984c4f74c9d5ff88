/** The Tryton connector against a real Tryton: nothing that it says is believed until it is read back. */
import assert from 'node:assert/strict';
import { HttpAmbiguousError, type HttpPort } from '../../lib/connectors/kit/http';
import { connector } from '../../lib/connectors/tryton';
import type { FactDraft } from '../../lib/model/fact';
import { need, type Server, startTryton, trytonDatabase, trytonPassword } from '../support';
import { callOf, openHttpPort, operationOf, type TestPort } from '../support/http-port';
import { TrytonShop } from './tryton-shop';

describe('tryton, a real one', function () {
  // Installing the database takes twenty seconds of a core, and the machine may be busy.
  this.timeout(60_000);
  let server: Server;
  let port: TestPort;
  let shop: TrytonShop;

  before(async function () {
    this.timeout(300_000);
    server = need(this, 'trytond', await startTryton());
    port = openHttpPort(server.url, 30_000);
    shop = new TrytonShop(server.url);
    await shop.open();
  });
  after(async () => {
    await port?.close();
    await server?.stop();
  });

  const call = (http: HttpPort = port.http, password = trytonPassword) =>
    callOf(http, {
      settings: { database: trytonDatabase },
      secrets: { username: ['admin'], password: [password] },
    });
  const send = (id: string, input: object, http?: HttpPort) => {
    const found = operationOf(connector.operations, id);
    return found.send(found.input.parse(input), call(http));
  };
  const lookUp = (id: string, input: object) => {
    const found = operationOf(connector.operations, id);
    assert.ok(found.lookUp);
    return found.lookUp(found.input.parse(input), call());
  };
  const undo = (id: string, input: object, output: unknown) => {
    const found = operationOf(connector.operations, id);
    assert.ok(found.undo);
    return send(found.undo.operation, found.undo.input(found.input.parse(input), output) as object);
  };
  const schedulesOf = async (order: string) => {
    const read = await send('readOrder', { order });
    assert.ok(read.outcome === 'ok');
    return (
      read.output as { lines: { schedules: { quantity: string; date: string; state: string }[] }[] }
    ).lines.flatMap(({ schedules }) =>
      schedules.map(({ quantity, date, state }) => `${quantity} ${state} ${date}`),
    );
  };

  /** Loses the answer of the first request to a method; the server has done the work. */
  const losing = (method: string): HttpPort => {
    let lost = false;
    return async (request) => {
      const response = await port.http(request);
      if (lost || (request.json as { method?: string }).method !== method) return response;
      lost = true;
      throw new HttpAmbiguousError('the test loses the answer');
    };
  };

  it('reads a sale with its lines and what is planned to leave when', async () => {
    const sale = await shop.sale(true);
    assert.partialDeepStrictEqual(await send('readOrder', { order: sale.number }), {
      outcome: 'ok',
      output: {
        order: sale.number,
        customerAccount: 'C-1001',
        customerReference: 'PO-77',
        netAmount: '125',
        currency: 'EUR',
        requestedDate: '2099-03-02',
        state: 'processing',
        deliveryBlock: '',
        lines: [
          {
            line: sale.line,
            item: 'SKU-1001',
            quantity: '10',
            deliveredQuantity: '0',
            unit: 'u',
            location: 'WH',
            rejected: false,
            schedules: [{ schedule: sale.move, quantity: '10', date: '2099-03-02', state: 'draft' }],
          },
        ],
      },
    });
    assert.partialDeepStrictEqual(await send('readOrder', { order: 'no-such-sale' }), {
      outcome: 'business',
      code: 'IDENTIFIER_UNRESOLVED',
    });
  });

  it('splits a short pick, shows the rest in a shipment of its own, and takes it back', async () => {
    const sale = await shop.sale(true);
    const wanted = {
      order: sale.number,
      line: sale.line,
      quantity: '10',
      keepQuantity: '7',
      laterDate: '2099-03-09',
    };
    assert.deepEqual(await lookUp('splitLine', wanted), { found: false });
    const result = await send('splitLine', wanted);
    assert.partialDeepStrictEqual(result, {
      outcome: 'ok',
      confirmed: true,
      output: { schedule: sale.move, keepQuantity: '7', laterQuantity: '3', laterDate: '2099-03-09' },
    });
    assert.deepEqual(await schedulesOf(sale.number), ['7 draft 2099-03-02', '3 draft 2099-03-09']);
    const floor = await shop.shipmentOf(sale.move);
    assert.deepEqual(
      floor['inventory_moves.'].map(({ quantity }) => quantity),
      [7],
    );
    assert.partialDeepStrictEqual(await lookUp('splitLine', wanted), { found: true });
    assert.partialDeepStrictEqual(await send('splitLine', wanted), { outcome: 'ok', confirmed: true });
    assert.ok(result.outcome === 'ok');
    assert.partialDeepStrictEqual(await undo('splitLine', wanted, result.output), {
      outcome: 'ok',
      confirmed: true,
    });
    assert.deepEqual(await schedulesOf(sale.number), ['10 draft 2099-03-02']);
  });

  it('finishes a split whose answer was lost half way, and plans the rest once', async () => {
    const sale = await shop.sale(true);
    const wanted = {
      order: sale.number,
      line: sale.line,
      quantity: '10',
      keepQuantity: '4',
      laterDate: '2099-04-01',
    };
    for (const method of [
      'model.stock.move.write',
      'model.stock.shipment.out.wait',
      'model.sale.sale.process',
      'model.stock.shipment.out.write',
    ]) {
      await assert.rejects(send('splitLine', wanted, losing(method)), HttpAmbiguousError, method);
    }
    assert.partialDeepStrictEqual(await send('splitLine', wanted), { outcome: 'ok', confirmed: true });
    assert.deepEqual(await schedulesOf(sale.number), ['4 draft 2099-03-02', '6 draft 2099-04-01']);
  });

  it('does a real short pick to the end: what was picked has left, the rest is planned', async () => {
    const sale = await shop.sale(true);
    const wanted = {
      order: sale.number,
      line: sale.line,
      quantity: '10',
      keepQuantity: '7',
      laterDate: '2099-03-09',
    };
    await send('splitLine', wanted);
    const { id, number } = await shop.shipmentOf(sale.move);
    for (const step of ['assign_try', 'pick', 'pack', 'done'])
      await shop.call(`stock.shipment.out.${step}`, [id]);
    assert.deepEqual(await schedulesOf(sale.number), ['7 done 2099-03-02', '3 draft 2099-03-09']);
    assert.partialDeepStrictEqual(await send('readDelivery', { delivery: number }), {
      outcome: 'ok',
      output: {
        delivery: number,
        shipped: true,
        lines: [{ item: 'SKU-1001', quantity: '7', order: sale.number, orderLine: sale.line }],
      },
    });
    const merge = {
      order: sale.number,
      line: sale.line,
      schedule: sale.move,
      keptQuantity: '7',
      quantity: '10',
    };
    assert.partialDeepStrictEqual(await send('mergeLine', { ...merge, laterLine: '1' }), {
      outcome: 'fatal',
      vendorCode: 'STATE_CHANGED',
    });
  });

  it('does not take a 200 that did nothing for a change: a sale that plans no rest is left as it was', async () => {
    const sale = await shop.sale(true, { shipment_method: 'manual' });
    const wanted = {
      order: sale.number,
      line: sale.line,
      quantity: '10',
      keepQuantity: '7',
      laterDate: '2099-03-09',
    };
    // Tryton answers 200 to both, and nothing has happened.
    assert.equal(await shop.call('sale.sale.draft', [sale.id]), null);
    assert.equal(await shop.call('sale.sale.process', [sale.id]), null);
    assert.partialDeepStrictEqual(await send('splitLine', wanted), {
      outcome: 'fatal',
      vendorCode: 'STATE_CHANGED',
    });
    assert.partialDeepStrictEqual(await send('readOrder', { order: sale.number }), {
      output: { state: 'done', shipmentMethod: 'manual', shipmentState: 'none' },
    });
  });

  it('sees through a changed line of a sale under way: the number is new, the shipment is the old one', async () => {
    const sale = await shop.sale(true);
    const wanted = { order: sale.number, line: sale.line, from: '10', to: '7' };
    assert.partialDeepStrictEqual(await send('changeLineQuantity', wanted), {
      outcome: 'fatal',
      vendorCode: 'STATE_CHANGED',
    });
    // What a client that trusts 200 would do.
    assert.equal(await shop.call('sale.line.write', [Number(sale.line)], { quantity: 7 }), null);
    assert.equal(await shop.call('sale.sale.process', [sale.id]), null);
    assert.deepEqual(await schedulesOf(sale.number), ['10 draft 2099-03-02']);
    assert.deepEqual(await lookUp('changeLineQuantity', wanted), { found: false });
  });

  it('changes a line of a draft, once, and refuses what is no longer so', async () => {
    const sale = await shop.sale(false);
    const wanted = { order: sale.number, line: sale.line, from: '10', to: '8' };
    const result = await send('changeLineQuantity', wanted);
    assert.partialDeepStrictEqual(result, { outcome: 'ok', confirmed: true, output: { quantity: '8' } });
    assert.partialDeepStrictEqual(await lookUp('changeLineQuantity', wanted), { found: true });
    assert.partialDeepStrictEqual(await send('changeLineQuantity', { ...wanted, to: '9' }), {
      outcome: 'fatal',
      vendorCode: 'STATE_CHANGED',
    });
    await undo('changeLineQuantity', wanted, undefined);
    assert.partialDeepStrictEqual(await send('readOrder', { order: sale.number }), {
      output: { state: 'draft', lines: [{ quantity: '10' }] },
    });
  });

  it('does not write over what somebody changed between reading and writing', async () => {
    const sale = await shop.sale(false);
    const wanted = { order: sale.number, line: sale.line, from: '10', to: '8' };
    let raced = false;
    const racing: HttpPort = async (request) => {
      if (!raced && (request.json as { method?: string }).method === 'model.sale.line.write') {
        raced = true;
        // Tryton's stamp on SQLite counts seconds.
        const stamp = async () =>
          (
            await shop.call<{ _timestamp: string }[]>('sale.line.read', [Number(sale.line)], ['_timestamp'])
          )[0]?._timestamp;
        const before = await stamp();
        do await shop.call('sale.line.write', [Number(sale.line)], { quantity: 9 });
        while ((await stamp()) === before);
      }
      return port.http(request);
    };
    assert.partialDeepStrictEqual(await send('changeLineQuantity', wanted, racing), {
      outcome: 'fatal',
      vendorCode: 'STATE_CHANGED',
    });
    assert.partialDeepStrictEqual(await send('readOrder', { order: sale.number }), {
      output: { lines: [{ quantity: '9' }] },
    });
  });

  it('moves what is planned to another day and back', async () => {
    const sale = await shop.sale(true);
    const wanted = {
      order: sale.number,
      line: sale.line,
      from: { quantity: '10', date: '2099-03-02' },
      to: { quantity: '10', date: '2099-05-01' },
    };
    const result = await send('changeSchedule', wanted);
    assert.partialDeepStrictEqual(result, { outcome: 'ok', confirmed: true, output: { date: '2099-05-01' } });
    assert.deepEqual(await schedulesOf(sale.number), ['10 draft 2099-05-01']);
    assert.ok(result.outcome === 'ok');
    await undo('changeSchedule', wanted, result.output);
    assert.deepEqual(await schedulesOf(sale.number), ['10 draft 2099-03-02']);
  });

  for (const [id, method, input] of [
    ['postNote', 'model.ir.note.create', { text: 'Short by three' }],
    [
      'attachEvidence',
      'model.ir.attachment.create',
      { fileName: 'pod.pdf', mediaType: 'application/pdf', data: 'JVBERi0=' },
    ],
  ] as const) {
    it(`${id} adds one record, also when the answer is lost`, async () => {
      const sale = await shop.sale(false);
      const wanted = { order: sale.number, ...input };
      assert.deepEqual(await lookUp(id, wanted), { found: false });
      await assert.rejects(send(id, wanted, losing(method)), HttpAmbiguousError);
      assert.partialDeepStrictEqual(await lookUp(id, wanted), { found: true, confirmed: true });
      assert.partialDeepStrictEqual(await send(id, wanted), { outcome: 'ok', confirmed: true });
      const model = method.split('.').slice(1, 3).join('.');
      const found = await shop.call<number[]>(`${model}.search`, [['resource', '=', `sale.sale,${sale.id}`]]);
      assert.equal(found.length, 1);
    });
  }

  it('fetches the shipments that changed, and each of them once', async () => {
    const { poll, inbound } = connector;
    assert.ok(poll && inbound);
    const fetched = async (cursor: string | undefined, since: number, now: number) => {
      const answer = await poll.poll(
        { ...(cursor === undefined ? {} : { cursor }), since },
        { ...call(), now },
      );
      const context = { receivedAt: now, settings: {}, manifest: connector.manifest };
      const facts = answer.deliveries.flatMap((delivery) => inbound.normalize(delivery, context).facts);
      return { ...answer, facts };
    };
    const sale = await shop.sale(true);
    const { id, number } = await shop.shipmentOf(sale.move);
    const stateOf = (facts: readonly FactDraft[]) =>
      facts
        .filter(({ data }) => data.identifiers.deliveryId?.[0]?.value === number)
        .map(({ data }) => data.sourceCode?.status);
    const first = await fetched(undefined, Date.now() - 3_600_000, Date.now());
    assert.deepEqual([first.more, stateOf(first.facts)], [false, ['waiting']]);
    // Within the overlap the same is fetched again, under the same keys.
    const again = await fetched(first.cursor, 0, Date.now());
    const keys = (facts: readonly FactDraft[]) => facts.map(({ dedupKey }) => dedupKey).sort();
    assert.deepEqual(keys(again.facts), keys(first.facts));
    await shop.call('stock.shipment.out.cancel', [id]);
    const later = await fetched(again.cursor, 0, Date.now() + 600_000);
    assert.deepEqual(stateOf(later.facts), ['cancelled']);
    const quiet = await fetched(later.cursor, 0, Date.now() + 1_200_000);
    assert.deepEqual(quiet.deliveries, []);
  });

  it('signs on anew when the session has ended, and says when the password is wrong', async () => {
    const sale = await shop.sale(false);
    const found = operationOf(connector.operations, 'readOrder');
    const context = call();
    const read = () => found.send(found.input.parse({ order: sale.number }), context);
    assert.equal((await read()).outcome, 'ok');
    const kept = await context.tokens.get('session', () => Promise.reject(new Error('there is a session')));
    context.tokens.drop('session', kept);
    await context.tokens.get('session', async () => ({
      value: kept.replace(/Session [^"]+/, 'Session bm9wZToxOm5vcGU='),
    }));
    assert.equal((await read()).outcome, 'ok');
    await assert.rejects(
      found.send(found.input.parse({ order: sale.number }), call(port.http, 'wrong')),
      /did not let this user in/,
    );
  });
});

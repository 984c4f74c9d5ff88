/** A run settles exactly when nothing of it moves any more, whatever core nodes stand in between. */
import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { deploy, openTestEngine, type TestEngine, undeploy } from '../support/engine';
import { waitUntil } from '../support/wait';

const fn = (id: string, func: string, wires: string[][], more: object = {}) => ({
  id,
  z: 'tab',
  type: 'function',
  name: id,
  func,
  outputs: wires.length,
  timeout: 0,
  noerr: 0,
  initialize: '',
  finalize: '',
  libs: [],
  wires,
  ...more,
});
const source = (wires: string[][]) => ({ id: 'in', z: 'tab', type: 'test-in', wires });
const sinkNode = { id: 'sink', z: 'tab', type: 'test-sink', wires: [] };

describe('settle detection', () => {
  let test: TestEngine;
  let sink: { payload?: unknown }[];
  let web: Server;
  let url: string;

  before((done) => {
    web = createServer((_request, response) => setTimeout(() => response.end('"ok"'), 20));
    web.listen(0, '127.0.0.1', () => {
      url = `http://127.0.0.1:${(web.address() as AddressInfo).port}`;
      done();
    });
  });
  after((done) => {
    web.close(done);
  });
  beforeEach(async () => {
    sink = [];
    test = await openTestEngine({ limits: { maxAttempts: 2, maxHops: 200 } });
  });
  afterEach(async () => {
    await test.close();
    await undeploy();
  });

  async function runOf(nodes: object[], settings: object = {}) {
    await deploy(test, sink, [...nodes, sinkNode], settings);
    const id = await test.deliver({ shipment: 'S1', seq: 1 });
    await test.quiet();
    const run = await test.ledger.run(id);
    assert.ok(run);
    return run;
  }

  const shapes: Record<string, () => object[]> = {
    'a Function node that returns a message of its own': () => [
      source([['f']]),
      fn('f', 'return { payload: 1 };', [['sink']]),
    ],
    'a Function node that sends later and then is done': () => [
      source([['f']]),
      fn('f', 'setTimeout(() => { node.send(msg); node.done(); }, 30);', [['sink']]),
    ],
    Change: () => [
      source([['c']]),
      {
        id: 'c',
        z: 'tab',
        type: 'change',
        rules: [{ t: 'set', p: 'payload', pt: 'msg', to: 'x', tot: 'str' }],
        wires: [['sink']],
      },
    ],
    Switch: () => [
      source([['s']]),
      {
        id: 's',
        z: 'tab',
        type: 'switch',
        property: 'payload.seq',
        propertyType: 'msg',
        rules: [{ t: 'eq', v: '1', vt: 'num' }],
        checkall: 'true',
        outputs: 1,
        wires: [['sink']],
      },
    ],
    'Switch with an asynchronous rule': () => [
      source([['s']]),
      {
        id: 's',
        z: 'tab',
        type: 'switch',
        property: '$exists(payload)',
        propertyType: 'jsonata',
        rules: [{ t: 'true' }],
        checkall: 'true',
        outputs: 1,
        wires: [['sink']],
      },
    ],
    Delay: () => [
      source([['d']]),
      {
        id: 'd',
        z: 'tab',
        type: 'delay',
        pauseType: 'delay',
        timeout: '60',
        timeoutUnits: 'milliseconds',
        rate: '1',
        nbRateUnits: '1',
        rateUnits: 'second',
        randomFirst: '1',
        randomLast: '5',
        randomUnits: 'seconds',
        drop: false,
        outputs: 1,
        wires: [['sink']],
      },
    ],
    'Link out and in': () => [
      source([['lo']]),
      { id: 'lo', z: 'tab', type: 'link out', mode: 'link', links: ['li'], wires: [] },
      { id: 'li', z: 'tab', type: 'link in', links: ['lo'], wires: [['sink']] },
    ],
    'Link call and return': () => [
      source([['lc']]),
      {
        id: 'lc',
        z: 'tab',
        type: 'link call',
        links: ['li'],
        linkType: 'static',
        timeout: '5',
        wires: [['sink']],
      },
      { id: 'li', z: 'tab', type: 'link in', links: [], wires: [['f']] },
      fn('f', 'setTimeout(() => node.send(msg), 20); ', [['lr']]),
      { id: 'lr', z: 'tab', type: 'link out', mode: 'return', links: [], wires: [] },
    ],
    'HTTP request': () => [
      source([['h']]),
      { id: 'h', z: 'tab', type: 'http request', method: 'GET', ret: 'txt', url, wires: [['sink']] },
    ],
  };

  for (const [name, nodes] of Object.entries(shapes)) {
    it(`waits for ${name}`, async () => {
      const run = await runOf(nodes());
      assert.equal(run.state, 'done');
      assert.equal(run.attempt, 1);
      assert.equal(sink.length, 1, 'the message arrived before the run was called settled');
    });
  }

  it('waits for every part of Split and for the Join of them', async () => {
    const run = await runOf([
      source([['f']]),
      fn('f', 'msg.payload = [1, 2, 3]; return msg;', [['sp']]),
      {
        id: 'sp',
        z: 'tab',
        type: 'split',
        splt: '\\n',
        spltType: 'str',
        arraySplt: 1,
        arraySpltType: 'len',
        stream: false,
        addname: '',
        wires: [['d']],
      },
      {
        id: 'd',
        z: 'tab',
        type: 'delay',
        pauseType: 'delay',
        timeout: '20',
        timeoutUnits: 'milliseconds',
        rate: '1',
        nbRateUnits: '1',
        rateUnits: 'second',
        randomFirst: '1',
        randomLast: '5',
        randomUnits: 'seconds',
        drop: false,
        outputs: 1,
        wires: [['j']],
      },
      {
        id: 'j',
        z: 'tab',
        type: 'join',
        mode: 'auto',
        build: 'object',
        property: 'payload',
        propertyType: 'msg',
        wires: [['sink']],
      },
    ]);
    assert.equal(run.state, 'done');
    assert.deepEqual(
      sink.map((message) => message.payload),
      [[1, 2, 3]],
    );
  });

  it('waits for what a Catch node does with an error, and counts the error as handled', async () => {
    const run = await runOf([
      source([['f']]),
      fn('f', 'throw new Error("no");', [[]]),
      { id: 'c', z: 'tab', type: 'catch', scope: null, uncaught: false, wires: [['sink']] },
    ]);
    assert.equal(run.state, 'done');
    assert.equal(sink.length, 1);
  });

  it('follows messages through a subflow', async () => {
    const run = await runOf([
      {
        id: 'sub',
        type: 'subflow',
        name: 'sub',
        in: [{ x: 0, y: 0, wires: [{ id: 'sf' }] }],
        out: [{ x: 0, y: 0, wires: [{ id: 'sf', port: 0 }] }],
      },
      { ...fn('sf', 'setTimeout(() => { node.send(msg); node.done(); }, 20);', [[]]), z: 'sub' },
      source([['inst']]),
      { id: 'inst', z: 'tab', type: 'subflow:sub', wires: [['sink']] },
    ]);
    assert.equal(run.state, 'done');
    assert.equal(sink.length, 1);
  });

  it('keeps Switch honest under many messages at once', async () => {
    await deploy(test, sink, [
      source([['s']]),
      {
        id: 's',
        z: 'tab',
        type: 'switch',
        property: '$exists(payload)',
        propertyType: 'jsonata',
        rules: [{ t: 'true' }],
        checkall: 'true',
        outputs: 1,
        wires: [['f']],
      },
      fn('f', 'setTimeout(() => { node.send(msg); node.done(); }, 2);', [['sink']]),
      sinkNode,
    ]);
    const ids = await Promise.all(
      Array.from({ length: 300 }, (_, seq) => test.deliver({ shipment: `S${seq}`, seq })),
    );
    await test.quiet();
    assert.equal(sink.length, 300);
    for (const id of ids) assert.equal((await test.ledger.run(id))?.state, 'done');
  });

  it('revives a run whose node sends after it had settled', async () => {
    const run = await runOf([
      source([['f']]),
      fn('f', 'setTimeout(() => node.send(msg), 150); return null;', [['sink']]),
    ]);
    assert.ok(run.state === 'done');

    await waitUntil(() => sink.length === 1, { what: 'the late message' });
    await test.quiet();
    assert.equal((await test.ledger.run(run.id))?.state, 'done');
  });

  it('gives a revived run its recorded payload again', async () => {
    const run = await runOf([
      source([['f']]),
      fn('f', 'setTimeout(() => node.send(msg), 150); return null;', [['n']]),
      { id: 'n', z: 'tab', type: 'test-normalize', wires: [['sink']] },
    ]);
    assert.equal(run.state, 'done');

    await waitUntil(() => sink.length === 1, { what: 'the late message' });
    assert.equal((sink[0] as { facts?: unknown[] }).facts?.length, 1);
  });

  it('shows every node the payload as plain data, changed or not', async () => {
    await runOf([
      source([['f', 'sink']]),
      fn('f', 'msg.payload.seq += 1; return { ...msg, payload: msg.payload };', [['sink']]),
    ]);
    const payloads = sink.map(({ payload }) => payload as { seq: number });
    assert.deepEqual(payloads.map(({ seq }) => seq).sort(), [1, 2]);
    for (const message of sink)
      assert.equal(typeof Object.getOwnPropertyDescriptor(message, 'payload')?.value, 'object');
  });

  it('turns a flow that always throws into a dead letter that names node, version, attempt and message', async () => {
    const run = await runOf([source([['f']]), fn('f', 'throw new Error("broken on purpose");', [['sink']])]);
    assert.equal(run.state, 'dead');
    const [letter] = (await test.ledger.deadLetters({}, { limit: 10 })).items;
    assert.equal(letter?.reason.nodeId, 'f');
    assert.equal(letter?.flowVersion, 'v1');
    assert.equal(letter?.attempt, 2);
    assert.match(letter?.reason.message ?? '', /broken on purpose/);
    const message = letter?.message as { payload?: { shipment?: string } } | undefined;
    assert.equal(message?.payload?.shipment, 'S1');
  });

  it('ends a flow that never calls done as a dead letter that names the node', async () => {
    await test.close();
    test = await openTestEngine({ limits: { maxAttempts: 2, runTimeoutMs: 1_000 } });
    const never = await runOf([
      source([['f']]),
      fn('f', 'if (false) node.done(); return new Promise(() => undefined);', [['sink']]),
    ]);
    assert.equal(never.state, 'dead');
    const [letter] = (await test.ledger.deadLetters({}, { limit: 10 })).items;
    assert.equal(letter?.reason.code, 'RUN_TIMEOUT');
    assert.equal(letter?.reason.nodeId, 'f');
  });

  it('stops a loop without an end at its limit', async () => {
    const run = await runOf([
      source([['f']]),
      fn('f', 'return msg;', [['g']]),
      fn('g', 'return msg;', [['f']]),
    ]);
    assert.equal(run.state, 'dead');
    assert.equal(run.lastError?.code, 'LOOP_LIMIT');
  });

  it('takes two sends of one node as two messages of one run', async () => {
    const run = await runOf([
      source([['f']]),
      fn('f', 'node.send(msg); node.send({ ...msg }); return null;', [['sink']]),
    ]);
    assert.equal(run.state, 'done');
    assert.equal(sink.length, 2);
  });

  it('gives a message that refers to itself a clear dead letter when it fails', async () => {
    const run = await runOf([
      source([['f']]),
      fn('f', 'msg.self = msg; throw new Error("cyclic");', [['sink']]),
    ]);
    assert.equal(run.state, 'dead');
    const [letter] = (await test.ledger.deadLetters({}, { limit: 10 })).items;
    assert.match(JSON.stringify(letter?.message), /circular|cut/);
  });
});

/** Live changes over `/api/v1/stream`, read as a client reads them. */
import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { ChangeHub } from '../../lib/gateway/stream/hub';
import { aCaseWrite, aCommit, aDeadLetter } from '../../lib/ledger/conformance/builders';
import { waitUntil } from '../support';
import { startGateway, type TestGateway } from './support/gateway';

interface Event {
  id: string | undefined;
  event: string | undefined;
  data: string | undefined;
}

/** Collects events until it is closed. */
async function listen(gateway: TestGateway, headers: Record<string, string> = {}) {
  const stop = new AbortController();
  const response = await fetch(`${gateway.url}/api/v1/stream`, {
    headers: { authorization: `Bearer ${gateway.token('viewer')}`, ...headers },
    signal: stop.signal,
  });
  const events: Event[] = [];
  const read = async (): Promise<void> => {
    let rest = '';
    for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      const blocks = (rest + chunk).split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) {
        const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1];
        if (field('event')) events.push({ id: field('id'), event: field('event'), data: field('data') });
      }
    }
  };
  const done = read().catch(() => undefined);
  return {
    response,
    events,
    async close() {
      stop.abort();
      await done;
    },
  };
}

describe('the event stream', () => {
  let gateway: TestGateway;
  before(async () => {
    gateway = await startGateway();
  });
  after(() => gateway.stop());

  it('tells of changes as they are committed, and goes on after the last one that was seen', async () => {
    const { ledger } = gateway;
    const first = await listen(gateway);
    assert.match(first.response.headers.get('content-type') ?? '', /^text\/event-stream/);
    await ledger.record(0, aCommit({ cases: [aCaseWrite({ id: 'one', subject: 's-one' })] }));
    await waitUntil(async () => first.events.length === 1, { what: 'the first event' });
    assert.equal(first.events[0]?.event, 'case');
    assert.deepEqual(Object.keys(JSON.parse(first.events[0]?.data ?? '{}')).sort(), [
      'at',
      'kind',
      'ref',
      'state',
    ]);
    await first.close();
    await ledger.addDeadLetters(0, [aDeadLetter({ id: 'missed' })]);
    const second = await listen(gateway, { 'last-event-id': first.events[0]?.id ?? '' });
    await waitUntil(async () => second.events.length === 1, { what: 'the event of the pause' });
    assert.match(second.events[0]?.data ?? '', /missed/);
    await second.close();
  });

  it('says so when it cannot tell what was missed', async () => {
    const listener = await listen(gateway, { 'last-event-id': '999999999' });
    await waitUntil(async () => listener.events.length === 1, { what: 'the reset' });
    assert.equal(listener.events[0]?.event, 'reset');
    await listener.close();
  });

  it('beats while nothing happens, ends with its listener, and takes no more than it has room for', async () => {
    const hub = new ChangeHub({
      ledger: gateway.ledger,
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
      limits: { clients: 3, clientsPerActor: 2, heartbeatMs: 5 },
    });
    const one = await hub.subscribe('ada', undefined);
    await one.next();
    assert.match(String((await one.next()).value), /^: /);
    await hub.subscribe('ada', undefined);
    assert.equal(hub.hasRoom('ada'), false);
    assert.equal(hub.hasRoom('bob'), true);
    await one.return();
    assert.equal(hub.size, 1);
    assert.equal(hub.hasRoom('ada'), true);
    hub.close();
    assert.equal(hub.size, 0);
  });

  it('tells a listener that cannot keep up to read everything anew', async () => {
    const hub = new ChangeHub({
      ledger: gateway.ledger,
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
      limits: { queue: 2, pollMs: 5 },
    });
    const slow = await hub.subscribe('ada', undefined);
    const cases = ['q1', 'q2', 'q3', 'q4'].map((id) => aCaseWrite({ id, subject: `s-${id}` }));
    await gateway.ledger.record(0, aCommit({ cases }));
    let heard = '';
    while (!heard.includes('event: reset')) {
      await pause(20);
      heard += String((await slow.next()).value);
    }
    hub.close();
  });
});

import assert from 'node:assert/strict';
import { chainHash, verifyChain } from '../../lib/model/audit';
import { verifyExport } from '../../lib/model/audit-export';
import { keyFingerprint } from '../../lib/model/audit-heads';
import { sha256Hex } from '../../lib/model/keys';
import { at } from '../support/fact-builder';
import { ask } from './support/client';
import { startGateway, type TestGateway } from './support/gateway';
import { confirmEffect, killRun, type SeededEvent, seedEvent } from './support/seed';

describe('reads', () => {
  let gateway: TestGateway;
  const seeded: SeededEvent[] = [];
  let deadLetterId: string;
  before(async () => {
    gateway = await startGateway();
    for (let index = 0; index < 5; index += 1) {
      const identifiers = { orderNumber: [{ namespace: 'shop', value: `A-10${index}` }] };
      seeded.push(
        await seedEvent(gateway.ledger, {
          subject: `ord:shop:A-10${index}`,
          identifiers,
          minute: index,
          body: `<b>payload ${index}</b>`,
          opensCase: index < 3,
          partner: index === 4 ? 'other' : 'acme',
        }),
      );
    }
    deadLetterId = await killRun(gateway.ledger, 'ord:shop:A-103', event(3).runId);
    await killRun(gateway.ledger, 'ord:shop:A-104', event(4).runId);
    await confirmEffect(gateway.ledger, 'ord:shop:A-100', event(0).runId, event(0).case?.id, at(10));
  });
  after(() => gateway.stop());

  const event = (index: number): SeededEvent => {
    const found = seeded[index];
    assert.ok(found);
    return found;
  };
  const idsOf = (items: { id: string }[]): string[] => items.map(({ id }) => id);

  describe('of cases', () => {
    it('list them newest first and page without loss or repetition', async () => {
      const all = await ask(gateway, 'GET /cases', { as: 'viewer' });
      assert.deepEqual(
        idsOf(all.json.items),
        [2, 1, 0].map((index) => event(index).case?.id),
      );
      const paged: string[] = [];
      let cursor = '';
      for (let page = 0; page < 5; page += 1) {
        const { json } = await ask(
          gateway,
          `GET /cases?limit=1${cursor && `&cursor=${encodeURIComponent(cursor)}`}`,
        );
        paged.push(...idsOf(json.items));
        cursor = json.nextCursor ?? '';
        if (cursor === '') break;
      }
      assert.deepEqual(paged, idsOf(all.json.items));
    });

    it('find them by any identifier, as people write it', async () => {
      for (const q of ['A-101', 'a101', 'A 101']) {
        const { json } = await ask(gateway, `GET /cases?q=${encodeURIComponent(q)}`);
        assert.deepEqual(idsOf(json.items), [event(1).case?.id]);
      }
    });

    it('filter by several values of one kind', async () => {
      assert.equal(
        (await ask(gateway, 'GET /cases?state=DETECTED,CLOSED&code=FINAL_MILE_DELAYED&region=DE')).json.items
          .length,
        3,
      );
      assert.equal((await ask(gateway, 'GET /cases?state=DETECTED&state=CLOSED')).json.items.length, 3);
      assert.equal((await ask(gateway, 'GET /cases?state=CLOSED')).json.items.length, 0);
      assert.equal((await ask(gateway, 'GET /cases?severity=S1')).json.items.length, 0);
    });

    for (const query of [
      'limit=0',
      'limit=201',
      'limit=x',
      'state=OPEN',
      'sort=price',
      'nonsense=1',
      'q=',
      'q=a&q=b',
      'cursor=',
    ]) {
      it(`answer 400 to ?${query}`, async () => {
        const { status, json } = await ask(gateway, `GET /cases?${query}`);
        assert.equal(status, 400);
        assert.match(json.errors[0].at, /^\/query/);
      });
    }

    it('answer 400 to a cursor of another list', async () => {
      assert.equal((await ask(gateway, 'GET /cases?cursor=nonsense')).json.code, 'bad-cursor');
    });

    it('show one with timeline, clocks, effects and what the caller may do', async () => {
      const { json } = await ask(gateway, `GET /cases/${event(0).case?.id}`, { as: 'operator' });
      assert.equal(json.facts[0].event.id, event(0).factId);
      assert.equal(json.effects[0].operation, 'setEta');
      assert.equal(json.clocks.resolve.state, 'breached');
      assert.deepEqual(
        json.timeline.map(({ kind }: { kind: string }) => kind).sort(),
        ['acknowledgement', 'case', 'effect', 'fact', 'run'].sort(),
      );
      assert.ok(json.allowedActions.includes('takeOver') && !json.allowedActions.includes('cancel'));
      const viewer = await ask(gateway, `GET /cases/${event(0).case?.id}`, { as: 'viewer' });
      assert.deepEqual(viewer.json.allowedActions, []);
      assert.equal((await ask(gateway, 'GET /cases/none')).status, 404);
    });

    it('never show what a run was started with', async () => {
      assert.ok(!(await ask(gateway, `GET /cases/${event(0).case?.id}`)).text.includes('not shown'));
    });
  });

  describe('of facts', () => {
    it('are CloudEvents, newest first, by partner and time', async () => {
      const { json } = await ask(gateway, 'GET /facts?partner=acme', { as: 'viewer' });
      assert.deepEqual(
        json.items.map((item: { event: { id: string } }) => item.event.id),
        [3, 2, 1, 0].map((index) => event(index).factId),
      );
      assert.equal(json.items[0].event.specversion, '1.0');
      const late = await ask(
        gateway,
        `GET /facts?since=${encodeURIComponent(new Date(at(2)).toISOString())}`,
      );
      assert.equal(late.json.items.length, 3);
      assert.equal(
        (await ask(gateway, `GET /facts/${event(0).factId}`)).json.event.correlationid,
        event(0).correlationId,
      );
      assert.equal((await ask(gateway, 'GET /facts/none')).status, 404);
    });

    it('give the raw bytes as a download no browser renders, and audit who read them', async () => {
      const { text, headers, status } = await ask(gateway, `GET /facts/${event(1).factId}/raw`, {
        as: 'operator',
      });
      assert.equal(status, 200);
      assert.equal(text, '<b>payload 1</b>');
      assert.equal(headers.get('content-type'), 'application/octet-stream');
      assert.match(headers.get('content-disposition') ?? '', /^attachment/);
      assert.equal(headers.get('reroute-media-type'), 'text/html');
      assert.equal(headers.get('reroute-sha256'), sha256Hex('<b>payload 1</b>'));
      const audit = await ask(gateway, `GET /audit?subject=raw:${event(1).rawId}`);
      assert.equal(audit.json.items[0].actor, 'token:the-operator');
      assert.equal(audit.json.items[0].action, 'raw.read');
    });

    it('audit that raw bytes were refused', async () => {
      await ask(gateway, `GET /facts/${event(2).factId}/raw`, { as: 'viewer' });
      const { json } = await ask(gateway, 'GET /audit?actor=token:the-viewer');
      assert.equal(json.items[0].action, 'api.getFactRaw');
    });
  });

  describe('of dead letters', () => {
    it('list the open ones without their messages, and one with it', async () => {
      const { json } = await ask(gateway, 'GET /dead-letters?partner=acme', { as: 'viewer' });
      assert.ok(idsOf(json.items).includes(deadLetterId));
      assert.ok(json.items.every((item: object) => !('message' in item)));
      const one = await ask(gateway, `GET /dead-letters/${deadLetterId}`);
      assert.deepEqual(one.json.message, { payload: 'as it was' });
      assert.equal(one.json.correlationId, event(3).correlationId);
      assert.equal((await ask(gateway, 'GET /dead-letters/none')).status, 404);
      assert.equal((await ask(gateway, 'GET /dead-letters?state=discarded')).json.items.length, 0);
    });

    it('group alike ones', async () => {
      const { json } = await ask(gateway, 'GET /dead-letters?group=fingerprint&reason=PAYLOAD_BAD');
      assert.equal(json.items.length, 1);
      assert.equal(json.items[0].count, 2);
      assert.equal(json.items[0].fingerprint, sha256Hex('PAYLOAD_BAD'));
    });

    it('give the bytes to repair', async () => {
      const { text } = await ask(gateway, `GET /dead-letters/${deadLetterId}/raw`, { as: 'operator' });
      assert.equal(text, '<b>payload 3</b>');
    });
  });

  it('of a run show nodes, chain, effects and dead letters', async () => {
    const dead = await ask(gateway, `GET /runs/${event(3).runId}`, { as: 'viewer' });
    assert.equal(dead.json.run.state, 'dead');
    assert.equal(dead.json.run.trace[0].nodeType, 'normalize');
    assert.match(dead.json.run.trace[0].at, /Z$/);
    assert.equal(dead.json.deadLetters[0].id, deadLetterId);
    const acted = await ask(gateway, `GET /runs/${event(0).runId}`);
    assert.equal(acted.json.effects[0].reference, 'R1');
    assert.deepEqual(acted.json.effects[0].input, { at: 5 }, 'what belongs to the partner stays as it is');
    assert.equal((await ask(gateway, 'GET /runs/none')).status, 404);
  });

  it('of partners show health and limits', async () => {
    const { json } = await ask(gateway, 'GET /partners', { as: 'viewer' });
    assert.equal(json.items[0].control, null);
    assert.equal((await ask(gateway, 'GET /partners/acme')).json.calls.failed, 1);
    assert.equal((await ask(gateway, 'GET /partners/none')).status, 404);
  });

  it('of the overview count what is open', async () => {
    const { json } = await ask(gateway, 'GET /metrics/overview', { as: 'viewer' });
    assert.equal(json.cases.open, 3);
    assert.equal(json.cases.byCode.FINAL_MILE_DELAYED, 3);
    assert.equal(json.runs.dead, 2);
    assert.deepEqual(json.calls, { ok: 3, failed: 1 });
  });

  describe('of the audit', () => {
    it('check every chain, and export what checks elsewhere', async () => {
      const { json } = await ask(gateway, 'GET /audit/verify', { as: 'supervisor' });
      assert.equal(json.ok, true);
      assert.equal(json.partitions.length, gateway.ledger.partitions);
      const exported = await ask(gateway, 'GET /audit/export', { as: 'supervisor' });
      const entries = exported.text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
      const heads = entries.pop();
      assert.equal(verifyExport(exported.text, [json.key]).ok, true);
      assert.equal(keyFingerprint(heads.publicKey), json.key);
      assert.ok(entries.length > json.entries, 'the export itself is in it');
      for (let partition = 0; partition < gateway.ledger.partitions; partition += 1) {
        assert.equal(verifyChain(entries.filter((entry) => entry.partition === partition)).ok, true);
      }
      const [first] = entries;
      assert.equal(first.hash, chainHash(first.previousHash, first));
    });

    it('notice that the end of a chain was cut off, after it was signed once', async () => {
      const { ledger } = gateway.deps;
      const [head] = (await ledger.chainHeads()).slice(-1);
      gateway.deps.ledger = new Proxy(ledger, {
        get: (target, name) => {
          if (name !== 'auditChain') return Reflect.get(target, name);
          return async (...args: Parameters<typeof ledger.auditChain>) =>
            (await ledger.auditChain(...args)).filter(
              ({ partition, seq }) => partition !== head?.partition || seq < head.seq,
            );
        },
      });
      const { json } = await ask(gateway, 'GET /audit/verify', { as: 'supervisor' });
      gateway.deps.ledger = ledger;
      const broken = json.partitions.find((item: { ok: boolean }) => !item.ok);
      assert.deepEqual(broken.brokenAt, { seq: head?.seq, reason: 'truncated' });
    });

    it('name the place where a chain breaks', async () => {
      const { ledger } = gateway.deps;
      const original = ledger.auditChain.bind(ledger);
      const tampered = new Proxy(ledger, {
        get: (target, name) => {
          if (name !== 'auditChain') return Reflect.get(target, name);
          return async (...args: Parameters<typeof original>) =>
            (await original(...args)).map((entry, index) =>
              index === 0 ? { ...entry, actor: 'somebody else' } : entry,
            );
        },
      });
      gateway.deps.ledger = tampered;
      const { json } = await ask(gateway, 'GET /audit/verify', { as: 'supervisor' });
      gateway.deps.ledger = ledger;
      assert.equal(json.ok, false);
      const broken = json.partitions.find((item: { ok: boolean }) => !item.ok);
      assert.deepEqual(broken.brokenAt, { seq: 1, reason: 'hash' });
    });
  });

  it('say 404 for calls that do not exist and 400 for paths that are no text', async () => {
    assert.equal((await ask(gateway, 'GET /nothing')).json.code, 'no-such-call');
    assert.equal((await ask(gateway, 'GET /cases/%E0%A4%A')).status, 400);
  });
});

/** Payloads that are sealed at rest: what the disk holds, what rotates, what is gone once it is shredded. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { shredSubject } from '../../lib/engine/privacy/shred';
import type { LedgerHarness } from '../../lib/ledger/conformance';
import {
  aCaseWrite,
  aCommit,
  aDeadLetter,
  aFactSeed,
  anItem,
  aPark,
  aReplay,
  aReplayItem,
} from '../../lib/ledger/conformance/builders';
import { intakeConformance } from '../../lib/ledger/conformance/intake';
import type { Ledger } from '../../lib/ledger/port';
import { sealedLedger } from '../../lib/ledger/sealed';
import { openSealedLedger, reencrypt } from '../../lib/ledger/sealed/open';
import { type KeyRing, parseKeyRing } from '../../lib/ledger/sealed/ring';
import { ringOf } from '../../lib/runtime/payload-keys';
import { tempDir } from '../support';
import { SqliteHarness } from './sqlite-harness';

const key = (id: string): string => `${id}:${randomBytes(32).toString('base64')}`;
const [k1, k2] = [key('2026-a'), key('2026-b')];
const only = (...keys: string[]): (() => KeyRing) => {
  const ring = parseKeyRing(keys.join(','));
  return () => ring;
};
const secret = 'Erika Mustermann, Musterweg 1';

describe('A sealed ledger', () => {
  let folder: string;
  let ledger: Ledger;
  const url = () => `sqlite:${join(folder, 'ledger.db')}`;
  const reopen = async (ring: (() => KeyRing) | undefined): Promise<Ledger> => {
    await ledger.close();
    ledger = await openSealedLedger(url(), ring, { partitions: 1 });
    return ledger;
  };
  beforeEach(async () => {
    folder = tempDir('sealed');
    ledger = await openSealedLedger(url(), only(k1), { partitions: 1 });
  });
  afterEach(() => ledger.close());

  const accept = async (id: string, orderKey = `order-${id}`) => {
    await ledger.accept(0, [anItem({ id, orderKey, body: Buffer.from(secret) })]);
    return id;
  };
  const text = async (id: string) => Buffer.from((await ledger.rawPayload(id))?.body ?? []).toString();
  const onDisk = (): string =>
    readdirSync(folder)
      .map((name) => readFileSync(join(folder, name), 'latin1'))
      .join('');
  const lease = async () => {
    const [taken] = await ledger.acquire({ owner: 'w', partitions: [0], now: 1, leaseMs: 1e9, force: true });
    assert.ok(taken);
    return taken;
  };

  it('gives bodies and messages back as they were, and has none of them on the disk', async () => {
    await accept('a');
    const held = await lease();
    const [run] = await ledger.claimRuns(held, { now: 2000, limit: 10 });
    assert.equal(Buffer.from(run?.raw?.body ?? []).toString(), secret);
    await ledger.park(held, [aPark('a', { id: 'p', message: { payload: secret }, signal: 'go:1' })]);
    await ledger.settleRuns(held, [
      {
        runId: 'a',
        outcome: 'done',
        at: 1,
        deadLetters: [aDeadLetter({ id: 'l', runId: 'a', message: { payload: secret } })],
      },
    ]);
    await ledger.createReplay(aReplay({ id: 'r' }), [aReplayItem('r', 0, { edit: secret })]);
    await reopen(only(k1));
    assert.equal(await text('a'), secret);
    assert.deepEqual((await ledger.parkedByRun('a'))[0]?.message, { payload: secret });
    assert.deepEqual((await ledger.deadLetter('l'))?.message, { payload: secret });
    assert.deepEqual((await ledger.deadLetters({}, { limit: 5 })).items[0]?.message, { payload: secret });
    assert.deepEqual((await ledger.deadLetterGroups({}))[0]?.sample.message, { payload: secret });
    assert.equal((await ledger.replayItems('r', { limit: 5 })).items[0]?.edit, secret);
    const again = await lease();
    await ledger.signal(0, { signal: 'go:1', now: 3000 });
    const [resumed] = await ledger.claimRuns(again, { now: 4000, limit: 10 });
    assert.deepEqual(resumed?.parked?.message, { payload: secret });
    assert.ok(!onDisk().includes('Mustermann'));
  });

  it('rotates while it is in use: old keys read, the new one writes, and then the old one is dispensable', async () => {
    for (const id of ['a', 'b', 'c']) await accept(id);
    await reopen(only(k2, k1));
    await accept('d');
    assert.equal(await text('a'), secret);
    await assert.rejects(openSealedLedger(url(), only(k2)), { code: 'PAYLOAD_KEY_MISSING' });
    const [count] = await Promise.all([reencrypt(ledger, only(k2, k1)(), 2), accept('e')]);
    assert.equal(count, 3);
    await reopen(only(k2));
    for (const id of ['a', 'b', 'c', 'd', 'e']) assert.equal(await text(id), secret);
  });

  it('does not start without its keys, and never names one', async () => {
    await accept('a');
    await assert.rejects(openSealedLedger(url(), undefined), (error: Error & { code?: string }) => {
      assert.equal(error.code, 'PAYLOAD_KEY_MISSING');
      assert.ok(error.message.includes('2026-a') && !error.message.includes(k1.split(':')[1] ?? ''));
      return true;
    });
    await assert.rejects(openSealedLedger(url(), only(k2)), { code: 'PAYLOAD_KEY_MISSING' });
  });

  it('reads what came before there were keys', async () => {
    await ledger.close();
    ledger = await openSealedLedger(`sqlite:${join(folder, 'plain.db')}`, undefined, { partitions: 1 });
    await accept('a');
    await ledger.close();
    ledger = await openSealedLedger(`sqlite:${join(folder, 'plain.db')}`, only(k1));
    assert.equal(await text('a'), secret);
  });

  it('notices a byte that was changed, and a body that was moved', async () => {
    await accept('a');
    await accept('b');
    await reopen(only(k1));
    const swapped = sealedLedger(
      new Proxy(ledger, {
        get: (target, name) => {
          const value = Reflect.get(target, name);
          return typeof value === 'function' ? value.bind(target) : value;
        },
      }),
      only(k1),
    );
    // Opened twice: what the first opening answers is no seal of the second.
    await assert.rejects(swapped.rawPayload('a'), { code: 'SEAL_BROKEN' });
  });

  it('makes a subject unreadable for good, leaves the others, and says so in the audit', async () => {
    const subject = 'ord:shop:1';
    await accept('mine', subject);
    await accept('both');
    await accept('hers');
    const facts = [
      { ...aFactSeed({ subject, order: '1' }), rawId: 'mine' },
      { ...aFactSeed({ subject, order: '1' }), rawId: 'both' },
      { ...aFactSeed({ subject: 'ord:shop:2', order: '2' }), rawId: 'both' },
      { ...aFactSeed({ subject: 'ord:shop:2', order: '2' }), rawId: 'hers' },
    ];
    await ledger.record(0, aCommit({ facts }));
    const request = { by: 'cli:test', reason: 'request of the customer', now: 9000, newId: () => 'audit-1' };
    const result = await shredSubject(ledger, { ...request, id: '1' });
    assert.deepEqual(result, { subject, payloads: 1, documents: 0, shared: 1 });
    await reopen(only(k1));
    await assert.rejects(ledger.rawPayload('mine'), { code: 'PAYLOAD_SHREDDED' });
    assert.equal(await text('hers'), secret);
    assert.equal(await text('both'), secret);
    assert.equal((await ledger.factsBySubjects([subject], 10)).length, 2);
    const [entry] = (await ledger.audit({ subject: `subject:${subject}` }, { limit: 5 })).items;
    assert.deepEqual([entry?.action, entry?.reason], ['subject.shred', 'request of the customer']);
    await shredSubject(ledger, { ...request, newId: () => 'audit-2', id: subject, includeShared: true });
    await assert.rejects(ledger.rawPayload('both'), { code: 'PAYLOAD_SHREDDED' });
  });

  it('does not shred under a case that is still worked on', async () => {
    const seed = aFactSeed({ subject: 'ord:shop:9', order: '9' });
    await ledger.record(
      0,
      aCommit({ facts: [seed], cases: [aCaseWrite({ subject: 'ord:shop:9' }, [seed])] }),
    );
    const request = { by: 'cli:test', reason: 'r', now: 9000, newId: () => 'audit-1' };
    await assert.rejects(shredSubject(ledger, { ...request, id: '9' }), { code: 'SUBJECT_ACTIVE' });
    await assert.rejects(shredSubject(ledger, { ...request, id: 'nobody' }), { code: 'NO_SUCH_SUBJECT' });
  });
});

describe('A sealed ledger, as every ledger,', () => {
  const plain = new SqliteHarness();
  const harness: LedgerHarness = {
    open: async () => sealedLedger(await plain.open(), only(k1)),
    reopen: async () => sealedLedger(await plain.reopen(), only(k1)),
    isolatedPair: () => plain.isolatedPair(),
    now: () => plain.now(),
    advance: (ms) => plain.advance(ms),
    close: () => plain.close(),
  };
  intakeConformance(harness);
});

describe('A key ring', () => {
  it('is refused when it is none', () => {
    const bad = ['', 'k1', 'k1:short', `k1:${'A'.repeat(44)}`, `${k1},${k1}`, `${k1},nonsense`];
    for (const text of bad) assert.throws(() => parseKeyRing(text), { code: 'PAYLOAD_KEYS' }, text);
  });

  it('in a file is taken up when the file changes, and kept when it breaks', () => {
    const file = join(tempDir('ring'), 'keys');
    writeFileSync(file, k1);
    const realNow = Date.now;
    let later = 0;
    Date.now = () => realNow() + later;
    try {
      const ring = ringOf(k1, file);
      writeFileSync(file, `${k2}\n${k1}\n`);
      later = 6_000;
      assert.equal(ring?.().current.id, '2026-b');
      writeFileSync(file, 'half a fi');
      later = 12_000;
      assert.equal(ring?.().current.id, '2026-b');
    } finally {
      Date.now = realNow;
    }
  });
});

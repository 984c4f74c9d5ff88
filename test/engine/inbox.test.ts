/** Files that a partner drops: taken whole, made durable, then moved; never lost and never twice. */
import assert from 'node:assert/strict';
import { appendFileSync, existsSync, mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { connectorById } from '../../lib/connectors/kit/registry';
import type { PartnerConfig } from '../../lib/engine/api';
import { FileNotWrittenError } from '../../lib/engine/files/folder';
import { defaultFolders, InboxTask } from '../../lib/engine/files/inbox';
import { localFolder } from '../../lib/engine/files/local';
import type { IntakeAnswer } from '../../lib/engine/intake';
import { edi214 } from '../connectors/support/edi';
import { tempDir } from '../support';
import { deploy, openTestEngine, type TestEngine, undeploy } from '../support/engine';
import { sinkNode, source } from '../support/flow-nodes';
import { fileConnector } from '../support/polled';
import { type SftpServer, startSftp } from '../support/sftp-server';
import { waitUntil } from '../support/wait';

const orderOf = (seq: number, shipment = 'S1') => JSON.stringify({ shipment, seq });
const quick = { minMs: 20, maxMs: 60, settleMs: 40 };

describe('an inbox', () => {
  let root: string;
  let test: TestEngine;
  const sink: { payload?: unknown }[] = [];
  const inbox = (...parts: string[]) => join(root, 'in', ...parts);
  const drop = (name: string, text: string) => writeFileSync(inbox(name), text);
  const gone = (name: string) => waitUntil(() => !existsSync(inbox(name)), { what: `${name} to be taken` });
  const seen = () =>
    sink.map(({ payload }) =>
      typeof payload === 'string' || Buffer.isBuffer(payload)
        ? (JSON.parse(String(payload)) as { seq: number }).seq
        : (payload as { seq: number }).seq,
    );

  async function open(endpoint: string, partner: Partial<PartnerConfig> = {}): Promise<void> {
    sink.length = 0;
    test = await openTestEngine({
      endpoint,
      connectors: [fileConnector],
      partner: { connectorId: 'dropped', fetch: quick, ...partner },
    });
    await deploy(test, sink, [source('sink'), sinkNode]);
  }

  async function openLarge(): Promise<void> {
    sink.length = 0;
    const token = join(tempDir('token'), 'token');
    writeFileSync(token, 'of nobody');
    test = await openTestEngine({
      endpoint: pathToFileURL(root).href,
      connectors: [connectorById('x12')],
      partner: { connectorId: 'x12', secrets: { inboundToken: [`file:${token}`] }, fetch: quick },
    });
    const read = { id: 'n', z: 'tab', type: 'test-normalize', wires: [['sink']] };
    await deploy(test, sink, [source('n'), read, sinkNode]);
  }

  beforeEach(() => {
    root = tempDir('inbox');
    mkdirSync(inbox());
  });
  afterEach(async () => {
    await test.close();
    await undeploy();
  });

  describe('of this machine', () => {
    beforeEach(() => open(pathToFileURL(root).href));

    it('is emptied in the order of the names, and each file is kept under done', async () => {
      for (const seq of [3, 1, 2]) drop(`order-${seq}.json`, orderOf(seq));
      await gone('order-3.json');
      await test.quiet();
      assert.deepEqual(seen(), [1, 2, 3]);
      assert.deepEqual(readdirSync(inbox('done')).sort(), ['order-1.json', 'order-2.json', 'order-3.json']);
    });

    it('leaves what is still being written, until it is whole or has its final name', async () => {
      drop('slow.json', '{"shipment":"S1",');
      drop('half.json.part', orderOf(9));
      drop('.hidden.json', orderOf(10));
      for (let turn = 0; turn < 6; turn += 1) {
        appendFileSync(inbox('slow.json'), ' ');
        await new Promise((resolve) => setTimeout(resolve, 15));
      }
      assert.ok(existsSync(inbox('slow.json')), 'it was growing');
      appendFileSync(inbox('slow.json'), '"seq":7}');
      renameSync(inbox('half.json.part'), inbox('half.json'));
      await gone('slow.json');
      await gone('half.json');
      await test.quiet();
      assert.deepEqual(seen().sort(), [7, 9]);
      assert.ok(existsSync(inbox('.hidden.json')));
    });

    it('drops a file that comes again, and keeps both copies', async () => {
      drop('a.json', orderOf(1));
      await gone('a.json');
      drop('a.json', orderOf(1));
      await gone('a.json');
      await test.quiet();
      assert.deepEqual(seen(), [1]);
      assert.equal(readdirSync(inbox('done')).length, 2);
    });

    it('puts a file above the limit aside and goes on', async () => {
      drop('a-large.json', 'x'.repeat(65_537));
      drop('b.json', orderOf(1));
      await gone('b.json');
      assert.deepEqual(readdirSync(inbox('rejected')), ['a-large.json']);
      await test.quiet();
      assert.deepEqual(seen(), [1]);
    });

    it('takes what no mapping reads as well: it becomes a dead letter, not a loss', async () => {
      drop('noise.bin', '\u0000\u0001');
      await gone('noise.bin');
      assert.deepEqual(readdirSync(inbox('done')), ['noise.bin']);
    });

    it('takes an interchange of 10 MB whole, and its flow reads every document of it', async function () {
      this.timeout(60_000);
      await test.close();
      await undeploy();
      await openLarge();
      const shipments = Array.from({ length: 34_000 }, (_, at) => `${'S'.repeat(80)}${at}`);
      const body = edi214(shipments);
      assert.ok(body.length > 10_000_000);
      const before = process.memoryUsage().heapUsed;
      drop('large.edi', body);
      await waitUntil(() => !existsSync(inbox('large.edi')), {
        what: 'the file to be taken',
        timeoutMs: 20_000,
      });
      await waitUntil(() => sink.length === 1, { what: 'the flow to read it', timeoutMs: 40_000 });
      const [read] = sink as { facts?: unknown[] }[];
      assert.equal(read?.facts?.length, shipments.length);
      const grown = (process.memoryUsage().heapUsed - before) / 1e6;
      assert.ok(grown < 500, `the heap grew by ${grown} MB`);
      assert.deepEqual(readdirSync(inbox('done')), ['large.edi']);
    });

    it('is emptied though there are many', async () => {
      for (let seq = 0; seq < 1_200; seq += 1)
        drop(`f${String(seq).padStart(5, '0')}`, orderOf(seq, `S${seq % 7}`));
      await waitUntil(() => readdirSync(inbox()).filter((name) => name.startsWith('f')).length === 0, {
        what: 'the inbox to be empty',
        timeoutMs: 20_000,
      });
      await test.quiet();
      assert.equal(new Set(seen()).size, 1_200);
    });

    it('waits while the partner is on hold', async () => {
      const control = { partner: 'p', draining: false, by: 'anna', reason: 'audit', at: Date.now() };
      await test.engine.partners.setControl({ ...control, held: true });
      drop('a.json', orderOf(1));
      await new Promise((resolve) => setTimeout(resolve, 500));
      assert.ok(existsSync(inbox('a.json')));
      await test.engine.partners.setControl({ ...control, held: false });
      await gone('a.json');
    });

    it('says in the status of the partner how it went', async () => {
      drop('a.json', orderOf(1));
      await gone('a.json');
      const status = await waitUntil(
        () => {
          const { fetch } = test.engine.partner('p') ?? {};
          return fetch?.fetched === 1 ? fetch : undefined;
        },
        { what: 'the count' },
      );
      assert.equal(status.kind, 'files');
      assert.ok(status.lastNewsAt && status.nextAt && status.error === undefined);
    });
  });

  describe('at an SFTP server', () => {
    let server: SftpServer;
    beforeEach(async () => {
      server = await startSftp(root);
      const dir = tempDir('keys');
      const secret = (name: string, text: string) => {
        writeFileSync(join(dir, name), text);
        return [`file:${join(dir, name)}`];
      };
      await open(server.url, {
        secrets: {
          sftpUser: secret('user', 'we'),
          sftpKey: secret('key', server.clientKey),
          sftpHostKey: secret('host', server.fingerprint),
        },
      });
    });
    afterEach(() => server.stop());

    it('is emptied over one connection, and goes on after the line broke', async () => {
      for (const seq of [2, 1]) drop(`order-${seq}.json`, orderOf(seq));
      await gone('order-2.json');
      assert.equal(server.connections, 1);
      server.hangUp = { at: 'READ', when: 'before' };
      drop('order-3.json', orderOf(3));
      await gone('order-3.json');
      await test.quiet();
      assert.deepEqual(seen(), [1, 2, 3]);
    });

    it('takes a file once though the answer to the move was lost', async () => {
      server.hangUp = { at: 'RENAME', when: 'before' };
      drop('a.json', orderOf(1));
      await gone('a.json');
      await test.quiet();
      assert.deepEqual(seen(), [1]);
    });
  });
});

describe('a round of an inbox', () => {
  const lease = { partition: 0, fence: 1 };
  const go = () => false;

  function inboxOf(
    root: string,
    take: () => Promise<IntakeAnswer>,
    folder = localFolder(pathToFileURL(root).href),
  ) {
    return new InboxTask({
      partner: 'p',
      folder,
      folders: defaultFolders,
      interval: { minMs: 1, maxMs: 1 },
      settleMs: 0,
      maxBytes: 100,
      take,
      exchange: (ask) => ask(),
      now: Date.now,
      newId: () => 'x',
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    });
  }
  const rootWith = (...names: string[]) => {
    const root = tempDir('round');
    mkdirSync(join(root, 'in'));
    for (const name of names) writeFileSync(join(root, 'in', name), name);
    return root;
  };
  const accepted = async (): Promise<IntakeAnswer> => ({ kind: 'accepted', id: 'i', correlationId: 'c' });

  it('leaves the file in its place when intake takes nothing, and fails as a whole', async () => {
    const root = rootWith('a', 'b');
    const closed = async (): Promise<IntakeAnswer> => ({ kind: 'unavailable', reason: 'the disk is full' });
    await assert.rejects(inboxOf(root, closed).round(lease, go), /the disk is full/);
    assert.deepEqual(readdirSync(join(root, 'in')).sort(), ['a', 'b']);
  });

  it('goes on with the others when one cannot be moved, and tries it again later', async () => {
    const root = rootWith('a', 'b');
    const real = localFolder(pathToFileURL(root).href);
    let broken = true;
    const folder = {
      ...real,
      move: (from: string, to: string) =>
        broken && from.endsWith('/a')
          ? Promise.reject(Object.assign(new FileNotWrittenError('no'), { code: 'FILE_FAILED' }))
          : real.move(from, to),
    };
    const task = inboxOf(root, accepted, folder);
    const first = await task.round(lease, go);
    assert.ok(first.problem);
    assert.deepEqual(readdirSync(join(root, 'in', 'done')), ['b']);
    broken = false;
    await task.round(lease, go);
    assert.deepEqual(readdirSync(join(root, 'in', 'done')).sort(), ['a', 'b']);
  });

  it('begins no other file once it is told to stop', async () => {
    const root = rootWith('a', 'b');
    let taken = 0;
    const task = inboxOf(root, async () => {
      taken += 1;
      return accepted();
    });
    await task.round(lease, () => taken > 0);
    assert.equal(taken, 1);
    assert.ok(existsSync(join(root, 'in', 'b')));
  });
});

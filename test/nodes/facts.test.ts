import assert from 'node:assert/strict';
import type { FactDraft } from '../../lib/model/fact';
import { aFact } from '../support/fact-builder';
import { RecordingEngine } from './support/engine';
import { benches } from './support/flow';

const draft: FactDraft = {
  type: 'org.reroute.shipment.milestone.v1',
  dedupKey: 'k1',
  data: aFact({ data: { milestone: 'DELIVERED' } }).data,
};
const notAFact = { kind: 'not-a-fact', code: 'PING', message: 'a test delivery' } as const;
const rejected = { kind: 'rejected', code: 'SCHEMA', message: 'no tracking number', at: '/output' } as const;

describe('From payload to fact', () => {
  const start = benches();
  let engine: RecordingEngine;
  beforeEach(() => {
    engine = new RecordingEngine();
  });

  describe('normalize', () => {
    const normalize = () => start({ engine, node: { type: 'reroute-normalize' }, outputs: 2 });

    it('sends the facts on its first output and leaves the payload alone', async () => {
      engine.answers.normalize = { facts: [draft], reports: [] };
      const { sent } = await (await normalize()).send({ payload: { raw: true } });
      assert.deepEqual(
        sent.map(({ output }) => output),
        [0],
      );
      assert.deepEqual(sent[0]?.message.facts, [draft]);
      assert.deepEqual(sent[0]?.message.payload, { raw: true });
    });

    it('sends what is understood but no fact on the second, without a dead letter', async () => {
      engine.answers.normalize = { facts: [], reports: [notAFact] };
      const { sent } = await (await normalize()).send({ payload: 1 });
      assert.deepEqual(
        sent.map(({ output }) => output),
        [1],
      );
      assert.deepEqual(sent[0]?.message.reports, [notAFact]);
      assert.deepEqual(engine.asked('report'), []);
    });

    it('keeps what is rejected as a dead letter, whether or not anything is wired', async () => {
      engine.answers.normalize = { facts: [], reports: [rejected, notAFact] };
      const bench = await start({ engine, node: { type: 'reroute-normalize' }, outputs: 2, unwired: [0, 1] });
      assert.deepEqual(await bench.send({ payload: 1 }), { sent: [] });
      assert.deepEqual(engine.asked('report'), [[rejected]]);
    });

    it('hands on what the sender is owed, on one message only', async () => {
      const owed = [
        { kind: '997', controlNumber: '1', accepted: 'some', mediaType: 'application/edi-x12', body: 'ISA' },
      ] as const;
      engine.answers.normalize = { facts: [draft], reports: [rejected], acknowledgements: [...owed] };
      const { sent } = await (await normalize()).send({ payload: 1 });
      assert.deepEqual(
        sent.map(({ message }) => message.acknowledgements),
        [owed, undefined],
      );
    });

    it('sends two messages that share nothing when a payload gives both', async () => {
      engine.answers.normalize = { facts: [draft], reports: [rejected] };
      const { sent } = await (await normalize()).send({ payload: { a: 1 } });
      assert.deepEqual(
        sent.map(({ output }) => output),
        [0, 1],
      );
      assert.equal(sent[0]?.message.reports, undefined);
      assert.equal(sent[1]?.message.facts, undefined);
      assert.notEqual(sent[0]?.message.payload, sent[1]?.message.payload);
      assert.equal(sent[0]?.message._msgid, sent[1]?.message._msgid);
    });

    it('completes without sending when a payload gives nothing at all', async () => {
      engine.answers.normalize = { facts: [], reports: [] };
      assert.deepEqual(await (await normalize()).send({ payload: 1 }), { sent: [] });
    });
  });

  describe('record', () => {
    const record = () => start({ engine, node: { type: 'reroute-record' } });

    it('records the facts of the message and says which cases they opened', async () => {
      const cases = [{ id: 'C1', code: 'LOST' as const, state: 'DETECTED', opened: true }];
      engine.answers.record = { appended: 1, duplicates: 2, cases };
      const { sent } = await (await record()).send({ facts: [draft] });
      assert.deepEqual(engine.asked('record'), [[draft]]);
      assert.deepEqual(sent[0]?.message.cases, cases);
      assert.deepEqual(sent[0]?.message.recorded, { appended: 1, duplicates: 2 });
    });

    it('fails a message without facts, and names what to do', async () => {
      const { error } = await (await record()).send({ payload: 1 });
      assert.match(error?.message ?? '', /no list of facts in msg\.facts/);
    });

    it('fails facts that the flow has broken, and names the field; nothing is recorded', async () => {
      const broken = { ...draft, data: { ...draft.data, milestone: 'ARRIVED_SOMEHOW' } };
      const { error } = await (await record()).send({ facts: [broken] });
      assert.match(error?.message ?? '', /0\.data\.milestone/);
      assert.deepEqual(engine.calls, []);
    });
  });

  describe('idempotent', () => {
    const idempotent = (key: string) =>
      start({ engine, node: { type: 'reroute-idempotent', key }, outputs: 2 });

    it('sends a first key on its first output and a seen one on its second', async () => {
      const bench = await idempotent('raw.id & "/" & $string(day)');
      engine.answers.firstTime = true;
      assert.deepEqual(
        (await bench.send({ raw: { id: 'R1' }, day: 2 })).sent.map(({ output }) => output),
        [0],
      );
      engine.answers.firstTime = false;
      assert.deepEqual(
        (await bench.send({ raw: { id: 'R1' }, day: 2 })).sent.map(({ output }) => output),
        [1],
      );
      assert.deepEqual(engine.asked('firstTime'), ['R1/2', 'R1/2']);
    });

    it('fails a message that has no key instead of letting it through or dropping it', async () => {
      const { error, sent } = await (await idempotent('raw.id')).send({ payload: 1 });
      assert.match(error?.message ?? '', /key expression gives nothing/);
      assert.deepEqual(sent, []);
    });

    it('says at once when the key is no JSONata', async () => {
      const { error } = await (await idempotent('raw.')).send({ payload: 1 });
      assert.match(error?.message ?? '', /the key is not valid JSONata/);
    });
  });
});

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectorById } from '../../lib/connectors/kit/registry';
import type { FilePort } from '../../lib/connectors/kit/transport';
import { readX12 } from '../../lib/connectors/x12/envelope';
import { callOf, operationOf } from '../support/http-port';
import { edi214, measured, x12Of } from './support/edi';
import { connectorsDir, faultOf, type InboundConnector, normalize, requestOf } from './support/harness';

const x12 = connectorById('x12') as InboundConnector;
const fixture = (name: string) => readFileSync(join(connectorsDir, 'x12', 'fixtures', name), 'utf8');
const statusesOf = (body: string | Uint8Array) =>
  normalize(x12, body).facts.map(({ data }) => [
    data.sourceCode?.status,
    data.identifiers.shipmentId?.[0]?.value,
  ]);

describe('an X12 interchange', () => {
  it('is read with whatever separators its ISA declares', () => {
    const expected = statusesOf(edi214(['SHP-1', 'SHP-2']));
    assert.equal(expected.length, 2);
    for (const [element, component, terminator, between] of [
      ['|', '<', '\n', ''],
      ['~', '`', '*', '\r\n'],
      ['\x1d', '\x1f', '\x1c', ''],
      ['*', '>', '~', '\r\n   '],
      ['*', ':', '\r', '\n'],
    ] as const)
      assert.deepEqual(
        statusesOf(edi214(['SHP-1', 'SHP-2'], { element, component, terminator, between })),
        expected,
      );
  });

  it('keeps the accents of a sender that writes ISO 8859-1', () => {
    const { facts } = normalize(x12, readFileSync(join(connectorsDir, 'x12', 'fixtures', '214-latin1.edi')));
    assert.equal(facts[0]?.data.place?.city, 'MONTRÉAL');
  });

  it('loses only the bad set, whose place is named, and answers for each', () => {
    const { facts, reports, acknowledgements } = normalize(x12, fixture('214-some-bad.edi'));
    assert.deepEqual(
      facts.map(({ data }) => data.identifiers.shipmentId?.[0]?.value),
      ['SHP-1005', 'SHP-1008', 'SHP-1010'],
    );
    assert.deepEqual(
      reports.map(({ at }) => at),
      ['ISA 000000103/GS 1/ST 0002/seg 5 AT7', 'ISA 000000103/GS 1/ST 0003/seg 6 SE', 'ISA 000000104/IEA'],
    );
    assert.deepEqual(
      acknowledgements?.map(({ kind, controlNumber, accepted }) => [kind, controlNumber, accepted]),
      [
        ['997', '000000103', 'some'],
        ['TA1', '000000104', 'none'],
        ['997', '000000105', 'all'],
      ],
    );
    assert.match(acknowledgements?.[0]?.body ?? '', /AK2\*214\*0002~AK3\*AT7\*5\*\*8~AK4\*5\*\*8~AK5\*R\*5~/);
  });

  it('is refused as a whole when its group or its envelope does not add up', () => {
    const good = edi214(['SHP-1', 'SHP-2']);
    for (const [bad, code] of [
      [good.replace('GE*2', 'GE*3'), 'CONTROL_COUNT_MISMATCH'],
      [good.replace(/GE\*2\*1/, 'GE*2*9'), 'CONTROL_NUMBER_MISMATCH'],
      [good.replace('IEA*1', 'IEA*2'), 'CONTROL_COUNT_MISMATCH'],
      [good.replace(/IEA.*~/, ''), 'IEA_MISSING'],
      [good.replace(/GE.*~/, ''), 'GE_MISSING'],
      [good.replace(/GS.*~/, ''), 'ST_OUTSIDE'],
    ] as const) {
      const { facts, reports } = normalize(x12, bad);
      assert.deepEqual(facts, [], code);
      assert.ok(
        reports.some((report) => report.kind === 'rejected' && report.code === code),
        JSON.stringify(reports),
      );
    }
  });

  it('never gives a fact when it breaks off, wherever it does', () => {
    const body = fixture('945-short.edi').replaceAll('\n', '');
    for (let length = 110; length < body.length - 1; length += 7) {
      const { facts, reports } = normalize(x12, body.slice(0, length));
      assert.deepEqual(facts, []);
      assert.ok(reports.some(({ kind }) => kind === 'rejected'));
    }
  });

  it('is the same interchange only with the same control numbers and the same bytes', () => {
    const keyOf = (body: string) => x12.inbound.identify(requestOf(body)).dedupKey;
    const body = edi214(['SHP-1']);
    assert.equal(keyOf(body), keyOf(`${body}`));
    assert.notEqual(keyOf(body), keyOf(body.replace('SHP-1', 'SHP-2')));
    assert.notEqual(keyOf(body), keyOf(body.replaceAll('000000001', '000000002')));
  });

  it('stays in the order of its shipment, and in no order when it is about several', () => {
    const orderOf = (body: string) => x12.inbound.identify(requestOf(body)).orderKey;
    assert.equal(orderOf(edi214(['SHP-1'])), 'shp:tms:SHP-1');
    assert.equal(orderOf(edi214(['SHP-1', 'SHP-1'])), 'shp:tms:SHP-1');
    assert.equal(orderOf(fixture('990-answers.edi').replace(/SHP-500\d/g, 'SHP-1')), 'shp:tms:SHP-1');
    assert.equal(orderOf(edi214(['SHP-1', 'SHP-2'])), undefined);
  });

  it('that is marked as a test gives only reports where the partner is set so', () => {
    const settings = x12.manifest.settings.parse({ acceptTest: false });
    const context = { receivedAt: 0, settings, manifest: x12.manifest };
    const { facts, reports } = x12.inbound.normalize(requestOf(fixture('214-statuses.edi')), context);
    assert.deepEqual([facts, reports[0]?.code], [[], 'TEST_INTERCHANGE']);
  });

  it('does not stumble over a set that is called like a property of every object', () => {
    const { facts, reports } = normalize(x12, edi214(['SHP-1']).replace('ST*214', 'ST*constructor'));
    assert.deepEqual([facts, reports[0]?.code], [[], 'SET_NOT_MAPPED']);
  });
});

describe('a 997 of ours', () => {
  it('is a well-formed interchange that nobody acknowledges again', () => {
    for (const name of ['214-some-bad.edi', '945-short.edi', '856-asn.edi', '214-latin1.edi'])
      for (const { body } of normalize(x12, fixture(name)).acknowledgements ?? []) {
        const parts = [...readX12(body)];
        assert.ok(parts.every((part) => !('fault' in part) || part.fault === undefined));
        assert.ok(parts.every((part) => part.kind !== 'set' || part.set.fault === undefined));
        assert.equal(normalize(x12, body).acknowledgements, undefined);
      }
  });

  it('is the same when the interchange is read again', () => {
    const [first, second] = [1, 2].map(
      () => normalize(x12, fixture('214-statuses.edi')).acknowledgements?.[0],
    );
    assert.deepEqual(first, second);
  });

  it('is not made where the partner wants none', () => {
    const settings = x12.manifest.settings.parse({ acknowledge: 'never' });
    const context = { receivedAt: 0, settings, manifest: x12.manifest };
    assert.equal(x12.inbound.normalize(requestOf(edi214(['SHP-1'])), context).acknowledgements, undefined);
  });
});

describe('a large X12 interchange', function () {
  this.timeout(60_000);

  it('of 100,000 segments and more is read in bounded time and memory', () => {
    const body = Buffer.from(edi214(Array.from({ length: 16_000 }, (_, at) => `SHP-${at}`)));
    assert.ok(body.toString('latin1').split('~').length > 100_000);
    const { seconds, megabytes, result } = measured(() => normalize(x12, body));
    assert.equal(result.facts.length, 16_000);
    assert.ok(seconds < 20, `${seconds} s`);
    assert.ok(megabytes < 200, `${megabytes} MB`);
  });

  it('of one transaction set with 100,000 segments is read too', () => {
    const lines = Array.from({ length: 33_000 }, (_, at) => [
      `LX*${at}`,
      `W12*CC*5*5**EA**VN*SKU-${at}`,
      `N9*LI*${at}`,
    ]).flat();
    const body = Buffer.from(x12Of('SW', '945', ['W06*F*SO-1*20260113*SHP-1', ...lines]));
    const { seconds, megabytes, result } = measured(() => normalize(x12, body));
    assert.deepEqual(result.facts.map(faultOf), [undefined]);
    assert.equal(result.facts[0]?.data.lines?.length, 10_000);
    const [cut] = result.reports;
    assert.equal(cut?.code, 'LINES_CUT');
    assert.match(cut?.message ?? '', /23000 of 33000/);
    assert.equal(result.acknowledgements?.[0]?.accepted, 'all');
    assert.ok(seconds < 20 && megabytes < 200, `${seconds} s, ${megabytes} MB`);
  });

  it('of 10 MB that is not mapped leaves nothing behind', () => {
    const padding = `N3*${'X'.repeat(500)}`;
    const body = Buffer.from(
      x12Of(
        'IB',
        '846',
        Array.from({ length: 20_000 }, () => padding),
      ),
    );
    assert.ok(body.length > 10_000_000);
    const { seconds, megabytes } = measured(() => normalize(x12, body));
    assert.ok(seconds < 20 && megabytes < 100, `${seconds} s, ${megabytes} MB`);
  });

  it('of nothing but faults is reported up to a thousand times', () => {
    const sets = Array.from({ length: 50_000 }, () => 'ST*214*0001~').join('');
    const body = edi214(['SHP-1']).replace('ST*214', `${sets}ST*214`);
    const { reports } = normalize(x12, body);
    assert.ok(reports.length <= 1001);
    assert.equal(reports.at(-1)?.code, 'TOO_MANY_FAULTS');
  });
});

describe('an X12 document that leaves as a file', () => {
  const order = {
    orderNumber: 'SO-1',
    warehouse: { name: 'East', id: 'DC1' },
    shipTo: { lines: ['1 Main St'], city: 'Springfield', country: 'US' },
    lines: [{ lineId: '10', item: 'SKU-1', quantity: { value: '2', uom: 'EA' } }],
  };
  const settings = { senderId: 'US', receiverId: 'THEM' };
  const send = (files: FilePort, sequence = 1) => {
    const operation = operationOf(x12.operations, 'sendShippingOrder');
    const http = () => Promise.reject(new Error('a folder is not called by HTTP'));
    return operation.send(operation.input.parse(order), { ...callOf(http, { settings, sequence }), files });
  };

  it('lies in the folder under its control number, once, however often it is sent', async () => {
    const folder = new Map<string, Uint8Array>();
    const files: FilePort = {
      write: async (name, body) => void folder.set(name, body),
      read: async (name) => folder.get(name),
    };
    const first = await send(files);
    const second = await send(files);
    assert.deepEqual(first, second);
    assert.equal(first.outcome, 'ok');
    assert.deepEqual([...folder.keys()], ['940-737000001.edi']);
    await send(files, 2);
    assert.equal(folder.size, 2);
  });

  it('is named by the 997 that refuses it later', async () => {
    const taken: FilePort = { write: async () => undefined, read: async () => undefined };
    const sent = await send(taken);
    assert.equal(sent.outcome, 'ok');
    const reference = sent.outcome === 'ok' ? (sent.reference ?? '') : '';
    const refusal = x12Of('FA', '997', [`AK1*OW*${Number(reference)}`, 'AK9*R*1*1*0*4']);
    const [fact] = normalize(x12, refusal).facts;
    assert.equal(fact?.data.evidence?.[0]?.uri, `x12:${reference}`);
  });

  it('is delivered when the partner has taken it away already, and unknown when something else lies there', async () => {
    const taken: FilePort = { write: async () => undefined, read: async () => undefined };
    const cut: FilePort = { write: async () => undefined, read: async () => Buffer.from('ISA') };
    assert.equal((await send(taken)).outcome, 'ok');
    assert.equal((await send(cut)).outcome, 'unknown');
  });
});

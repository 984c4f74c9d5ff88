import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readEdifact } from '../../lib/connectors/edifact/envelope';
import { connectorById } from '../../lib/connectors/kit/registry';
import { iftsta, measured } from './support/edi';
import { connectorsDir, faultOf, type InboundConnector, normalize, requestOf } from './support/harness';

const edifact = connectorById('edifact') as InboundConnector;
const fixture = (name: string) => readFileSync(join(connectorsDir, 'edifact', 'fixtures', name));
const shipmentsOf = (body: string | Uint8Array) =>
  normalize(edifact, body).facts.map(({ data }) => data.identifiers.shipmentId?.[0]?.value);

describe('an EDIFACT interchange', () => {
  it('is read with the separators of its UNA, and with the standard ones without it', () => {
    const plain = iftsta(['SHP-1', 'SHP-2']);
    assert.deepEqual(shipmentsOf(plain), ['SHP-1', 'SHP-2']);
    assert.deepEqual(shipmentsOf(`UNA:+.? '\r\n${plain.replaceAll("'", "'\r\n")}`), ['SHP-1', 'SHP-2']);
    const odd = plain.replaceAll('+', '|').replaceAll(':', ';').replaceAll("'", '\n');
    assert.deepEqual(shipmentsOf(`UNA;|.# \n${odd}`), ['SHP-1', 'SHP-2']);
  });

  it('keeps what its release character protects', () => {
    const [fact] = normalize(edifact, iftsta(["A?+B?:C?'D??"])).facts;
    assert.equal(fact?.data.identifiers.shipmentId?.[0]?.value, "A+B:C'D?");
  });

  it('takes the first repetition where syntax 4 repeats', () => {
    const body = iftsta(['SHP-1']).replace('UNOC:3', 'UNOC:4').replace('STS+1+21', 'STS+1+21*24');
    assert.equal(normalize(edifact, body).facts[0]?.data.sourceCode?.status, '21');
  });

  it('is read in the character set that its syntax identifier names', () => {
    for (const [identifier, bytes, city] of [
      ['UNOC', [0x4d, 0xfc, 0x6e], 'Mün'],
      ['UNOD', [0xa3, 0xf3, 0x64], 'Łód'],
      ['UNOE', [0xbc, 0xde, 0xe1], 'Мос'],
      ['UNOF', [0xc1, 0xe8, 0xde], 'Αθή'],
      ['UNOK', [0xdd, 0x7a, 0x6d], 'İzm'],
      ['UNOY', [0xe6, 0xb4, 0xa5], '津'],
      ['UNOA', [0xe6, 0xb4, 0xa5], '津'],
      ['UNOA', [0x4d, 0xfc, 0x6e], 'Mün'],
      ['UNOX', [0x1b, 0x24, 0x42, 0x45, 0x6c, 0x35, 0x7e, 0x1b, 0x28, 0x42], '東京'],
    ] as const) {
      const text = iftsta(['SHP-1']).replace('UNOC', identifier).replace('Hamburg', '#');
      const [before = '', after = ''] = text.split('#');
      const body = Buffer.concat([Buffer.from(before), Buffer.from(bytes), Buffer.from(after)]);
      assert.equal(normalize(edifact, body).facts[0]?.data.place?.name, city, identifier);
    }
    const { reports } = normalize(edifact, iftsta(['SHP-1']).replace('UNOC', 'UNOZ'));
    assert.equal(reports[0]?.code, 'CHARSET');
  });

  it('loses only the bad message, whose place is named, and answers with a CONTRL each', () => {
    const { facts, reports, acknowledgements } = normalize(edifact, fixture('iftsta-some-bad.edi'));
    assert.equal(facts.length, 3);
    assert.deepEqual(
      reports.map(({ at }) => at),
      ['UNB REF00000000203/UNH 2/seg 6 DTM', 'UNB REF00000000203/UNH 3/seg 7 UNT', 'UNB REF00000000204/UNZ'],
    );
    assert.deepEqual(
      acknowledgements?.map(({ kind, accepted }) => [kind, accepted]),
      [
        ['CONTRL', 'some'],
        ['CONTRL', 'none'],
        ['CONTRL', 'all'],
      ],
    );
  });

  it('is refused as a whole when it does not add up', () => {
    const good = iftsta(['SHP-1', 'SHP-2']);
    for (const [bad, code] of [
      [good.replace('UNZ+2', 'UNZ+3'), 'CONTROL_COUNT_MISMATCH'],
      [good.replace(/UNZ\+2\+\w+/, 'UNZ+2+OTHER'), 'CONTROL_NUMBER_MISMATCH'],
      [good.replace(/UNZ.*/, ''), 'UNZ_MISSING'],
      [good.replace('UNZ', "XYZ+1'UNZ"), 'SEGMENT_OUTSIDE'],
    ] as const) {
      const { facts, reports } = normalize(edifact, bad);
      assert.deepEqual(facts, [], code);
      assert.ok(
        reports.some((report) => report.code === code),
        JSON.stringify(reports),
      );
    }
  });

  it('that is marked as a test gives only reports where the partner is set so', () => {
    const settings = edifact.manifest.settings.parse({ acceptTest: false });
    const read = (body: string) =>
      edifact.inbound.normalize(requestOf(body), { receivedAt: 0, settings, manifest: edifact.manifest });
    const body = iftsta(['SHP-1']);
    assert.equal(read(body).facts.length, 1);
    const test = read(body.replace("+REF1'UNH", "+REF1++++++1'UNH"));
    assert.deepEqual([test.facts, test.reports[0]?.code], [[], 'TEST_INTERCHANGE']);
  });

  it('keeps the other groups when one does not add up', () => {
    const [head = '', ...rest] = iftsta(['SHP-1', 'SHP-2']).split(/(?=UNH)/);
    const [first = '', second = ''] = rest;
    const [message = ''] = second.split('UNZ');
    const group = (number: number, body: string, count: number) =>
      `UNG+IFTSTA+THEM+US+260114:0930+${number}+UN+D:01B'${body}UNE+${count}+${number}'`;
    const body = `${head}${group(1, first, 2)}${group(2, message, 1)}UNZ+2+REF1'`;
    const { facts, reports, acknowledgements } = normalize(edifact, body);
    assert.deepEqual(
      facts.map(({ data }) => data.identifiers.shipmentId?.[0]?.value),
      ['SHP-2'],
    );
    assert.equal(reports[0]?.at, 'UNB REF1/UNG 1/UNE');
    assert.match(acknowledgements?.[0]?.body ?? '', /UCF\+1\+THEM\+US\+4\+29'/);
  });

  it('never gives a fact when it breaks off, wherever it does', () => {
    const body = iftsta(['SHP-1', 'SHP-2']);
    for (let length = 5; length < body.length - 2; length += 3)
      assert.deepEqual(normalize(edifact, body.slice(0, length)).facts, []);
  });

  it('has a key of its control reference and its bytes, and the order of its shipment', () => {
    const identified = (body: string) => edifact.inbound.identify(requestOf(body));
    const body = iftsta(['SHP-1']);
    assert.deepEqual(identified(body), identified(`${body}`));
    assert.notEqual(identified(body).dedupKey, identified(body.replaceAll('REF1', 'REF2')).dedupKey);
    assert.equal(identified(body).orderKey, 'shp:tms:SHP-1');
    assert.equal(identified(iftsta(['SHP-1', 'SHP-2'])).orderKey, undefined);
  });
});

describe('a CONTRL of ours', () => {
  it('is a well-formed interchange that nobody acknowledges again', () => {
    for (const name of ['iftsta-some-bad.edi', 'desadv-latin2.edi', 'iftsta-version.edi'])
      for (const { body } of normalize(edifact, fixture(name)).acknowledgements ?? []) {
        const parts = [...readEdifact(body)];
        assert.ok(parts.some(({ kind }) => kind === 'message'));
        assert.ok(parts.every((part) => part.kind !== 'message' || part.message.fault === undefined));
        assert.ok(parts.every((part) => part.kind !== 'interchange-end' || part.fault === undefined));
        assert.equal(normalize(edifact, body).acknowledgements, undefined);
      }
  });

  it('is made only where it is asked for, if the partner is set so', () => {
    const settings = edifact.manifest.settings.parse({ acknowledge: 'requested' });
    const read = (body: string) =>
      edifact.inbound.normalize(requestOf(body), { receivedAt: 0, settings, manifest: edifact.manifest })
        .acknowledgements;
    const body = iftsta(['SHP-1']);
    assert.equal(read(body), undefined);
    assert.equal(read(body.replace("+REF1'UNH", "+REF1++++1'UNH"))?.length, 1);
  });
});

describe('a large EDIFACT interchange', function () {
  this.timeout(60_000);

  it('of 100,000 segments and more is read in bounded time and memory', () => {
    const body = Buffer.from(iftsta(Array.from({ length: 15_000 }, (_, at) => `SHP-${at}`)));
    const { seconds, megabytes, result } = measured(() => normalize(edifact, body));
    assert.equal(result.facts.length, 15_000);
    assert.ok(seconds < 20 && megabytes < 200, `${seconds} s, ${megabytes} MB`);
  });

  it('of 10 MB, most of it of a message that is not mapped, leaves little behind', () => {
    const segments = Array.from({ length: 22_000 }, (_, at) => `FTX+AAI+++${at}${'X'.repeat(480)}`);
    const other = ['UNH+2+INVRPT:D:96A:UN', 'BGM+35+1+9', ...segments, `UNT+${segments.length + 3}+2`];
    const whole = iftsta(['SHP-1']).replace("UNZ+1+REF1'", `${other.join("'")}'UNZ+2+REF1'`);
    const body = Buffer.from(whole);
    assert.ok(body.length > 10_000_000);
    const { seconds, megabytes, result } = measured(() => normalize(edifact, body));
    assert.equal(result.facts.length, 1);
    assert.deepEqual(
      result.reports.map(({ code }) => code),
      ['MESSAGE_NOT_MAPPED'],
    );
    assert.ok(seconds < 20 && megabytes < 100, `${seconds} s, ${megabytes} MB`);
  });

  it('with more lines than a fact holds says how many it left out', () => {
    const lines = Array.from({ length: 10_050 }, (_, at) => [
      `LIN+${at + 1}++${at}:SA`,
      'QTY+12:1:PCE',
    ]).flat();
    const segments = ['UNH+1+DESADV:D:96A:UN', 'BGM+351+ASN-1+9', 'DTM+11:20260113:102', ...lines];
    const message = [...segments, `UNT+${segments.length + 1}+1`, 'UNZ+1+REF1', ''].join("'");
    const { facts, reports } = normalize(edifact, `UNB+UNOC:3+THEM:14+US:14+260114:0930+REF1'${message}`);
    assert.deepEqual(facts.map(faultOf), [undefined]);
    assert.equal(facts[0]?.data.lines?.length, 10_000);
    assert.deepEqual(
      reports.map(({ kind, code, message: words }) => [kind, code, words.includes('50 of 10050')]),
      [['rejected', 'LINES_CUT', true]],
    );
  });
});

import assert from 'node:assert/strict';
import type { NormalizeResult } from '../../lib/connectors/kit/connector';
import { connectorById } from '../../lib/connectors/kit/registry';
import { measured } from './support/edi';
import { type InboundConnector, normalize, receivedAt, requestOf } from './support/harness';

const csv = connectorById('csv-file') as InboundConnector;
const ubl = connectorById('ubl') as InboundConnector;

function read(body: string | Uint8Array, settings: Record<string, unknown>): NormalizeResult {
  const parsed = csv.manifest.settings.parse(settings);
  return csv.inbound.normalize(requestOf(body), { receivedAt, settings: parsed, manifest: csv.manifest });
}

const german = {
  delimiter: ';',
  charset: 'windows-1252',
  columns: {
    Auftrag: 'orderNumber',
    Zeitpunkt: 'eventTime',
    Status: 'status',
    Grund: 'reason',
    Position: 'lineId',
    Artikel: 'item',
    bestellt: 'orderedQuantity',
    'gepickt €': 'fulfilledQuantity',
  },
  milestones: { Gepackt: 'PACKED', Zugestellt: 'DELIVERED' },
  exceptions: { Gestoppt: 'CARRIER_HOLD', 'Gestoppt/ZOLL': 'CUSTOMS_HOLD' },
  ignored: ['Hinweis'],
  compare: 'shortPick',
  decimalMark: ',',
  dateFormat: 'dd.MM.yyyy HH:mm',
  timeZone: 'Europe/Berlin',
  namespace: 'lager',
};

const latin = (text: string) => Buffer.from(text.replaceAll('€', '\x80'), 'latin1');
const rows = [
  'Auftrag;Bemerkung;Zeitpunkt;Status;Grund;Position;Artikel;bestellt;gepickt €',
  '00471;egal;13.01.2026 09:30;Gepackt;;10;Schlüssel;1.200,5;1.200',
  '00472;"mit ; darin";13.07.2026 09:30;Zugestellt;;;;;',
  '00473;;13.01.2026 09:30;Gestoppt;ZOLL;;;;',
  '00474;;13.01.2026 09:30;Gestoppt;;;;;',
  '00475;;13.01.2026 09:30;Hinweis;;;;;',
  '00476;;13.01.2026 09:30;Weltuntergang;;;;;',
].join('\r\n');

describe('a CSV file', () => {
  it('is read by the mapping of its partner: columns, character set, pattern, zone, numbers, statuses', () => {
    const { facts, reports } = read(latin(rows), german);
    assert.deepEqual(reports, []);
    assert.deepEqual(
      facts.map(({ data }) => [
        data.identifiers.orderNumber?.[0]?.value,
        data.milestone,
        data.exception?.code,
        data.time.eventTime,
      ]),
      [
        ['00471', 'PACKED', 'INVENTORY_SHORT_PICK', '2026-01-13T09:30:00+01:00'],
        ['00472', 'DELIVERED', undefined, '2026-07-13T09:30:00+02:00'],
        ['00473', undefined, 'CUSTOMS_HOLD', '2026-01-13T09:30:00+01:00'],
        ['00474', undefined, 'CARRIER_HOLD', '2026-01-13T09:30:00+01:00'],
        ['00475', undefined, undefined, '2026-01-13T09:30:00+01:00'],
        ['00476', undefined, 'UNMAPPED_STATUS', '2026-01-13T09:30:00+01:00'],
      ],
    );
    assert.deepEqual(facts[0]?.data.exception?.discrepancies, [
      {
        lineId: '10',
        item: 'Schlüssel',
        expected: { value: '1200.5', uom: 'EA' },
        actual: { value: '1200', uom: 'EA' },
      },
    ]);
  });

  it('without a header is read by the numbers of its columns', () => {
    const { facts } = read('SO-1\t2026-01-13T09:30:00Z\tDELIVERED\n', {
      delimiter: '\t',
      headerRow: false,
      columns: { '1': 'orderNumber', '2': 'eventTime', '3': 'status' },
    });
    assert.deepEqual([facts.length, facts[0]?.data.milestone], [1, 'DELIVERED']);
  });

  it('with a header that lacks a mapped column is refused once, and names the column', () => {
    const { facts, reports } = read('Auftrag;Status\n1;2\n3;4\n', german);
    assert.deepEqual(facts, []);
    assert.equal(reports.length, 1);
    assert.match(reports[0]?.message ?? '', /Zeitpunkt/);
  });

  it('has no meaning for a status that is called like a property of every object', () => {
    const { facts } = read('order_number,status\nSO-1,constructor\n', {});
    assert.equal(facts[0]?.data.exception?.code, 'UNMAPPED_STATUS');
  });

  it('has events with keys of their own that survive another order and other prose', () => {
    const keys = (text: string) =>
      read(text, {})
        .facts.map(({ dedupKey }) => dedupKey)
        .sort();
    const [header = '', ...lines] = [
      'order_number,event_time,status,text',
      'SO-1,2026-01-13T09:00:00Z,PACKED,a',
      'SO-2,2026-01-13T09:00:00Z,PACKED,b',
    ];
    const forward = keys([header, ...lines].join('\n'));
    assert.equal(new Set(forward).size, 2);
    assert.deepEqual(keys([header, ...lines.toReversed()].join('\n').replace(',a', ',c')), forward);
  });

  it('is refused where its mapping is none', () => {
    for (const settings of [
      { columns: { A: 'noSuchField' } },
      { columns: { A: 'status', B: 'status' } },
      { charset: 'no-such-charset' },
      { timeZone: 'Mars/Olympus' },
      { exceptions: { A: 'NO_SUCH_CODE' } },
      { dateFormat: '(function(){})()' },
    ])
      assert.equal(csv.manifest.settings.safeParse(settings).success, false, JSON.stringify(settings));
  });

  it('of nothing but bad rows is given up, and says so', function () {
    this.timeout(60_000);
    const { facts, reports } = read(`status\n${'PACKED\n'.repeat(20_000)}`, {});
    assert.equal(facts.length, 0);
    assert.deepEqual(
      reports.slice(-2).map(({ code, at }) => [code, at]),
      [
        ['TOO_MANY_FAULTS', undefined],
        ['ROWS_NOT_READ', 'line 10001'],
      ],
    );
  });

  it('of 10 MB is read in bounded time and memory', function () {
    this.timeout(60_000);
    const line = (at: number) => `SO-${at},2026-01-13T09:00:00Z,PACKED,${'x'.repeat(450)}\n`;
    const body = Buffer.from(
      `order_number,event_time,status,remark\n${Array.from({ length: 21_000 }, (_, at) => line(at)).join('')}`,
    );
    assert.ok(body.length > 10_000_000);
    const { seconds, megabytes, result } = measured(() => normalize(csv, body));
    assert.equal(result.facts.length, 21_000);
    assert.ok(seconds < 20 && megabytes < 250, `${seconds} s, ${megabytes} MB`);
  });
});

describe('a UBL document', () => {
  const advice = (inner: string, encoding = 'UTF-8') =>
    `<?xml version="1.0" encoding="${encoding}"?><DespatchAdvice xmlns:cbc="b"><cbc:ID>A-1</cbc:ID><cbc:IssueDate>2026-01-13</cbc:IssueDate>${inner}</DespatchAdvice>`;

  it('is read in the encoding that it declares', () => {
    const item =
      '<DespatchLine><ID>1</ID><Item><SellersItemIdentification><ID>Mütze</ID></SellersItemIdentification></Item></DespatchLine>';
    for (const [encoding, body] of [
      ['UTF-8', Buffer.from(advice(item))],
      ['ISO-8859-1', Buffer.from(advice(item, 'ISO-8859-1'), 'latin1')],
    ] as const)
      assert.equal(normalize(ubl, body).facts[0]?.data.lines?.[0]?.item, 'Mütze', encoding);
  });

  it('of 10 MB is read in bounded time and memory, and says what a fact could not hold', function () {
    this.timeout(60_000);
    const line = (at: number) =>
      `<cac:DespatchLine><cbc:ID>${at}</cbc:ID><cbc:Note>${'x'.repeat(500)}</cbc:Note><cbc:DeliveredQuantity unitCode="EA">10</cbc:DeliveredQuantity><cac:Item><cac:SellersItemIdentification><cbc:ID>SKU-${at}</cbc:ID></cac:SellersItemIdentification></cac:Item></cac:DespatchLine>`;
    const lines = Array.from({ length: 14_000 }, (_, at) => line(at + 1)).join('');
    const body = Buffer.from(advice(lines).replace('xmlns:cbc="b"', 'xmlns:cbc="b" xmlns:cac="a"'));
    assert.ok(body.length > 10_000_000 && body.length < ubl.manifest.limits.maxBodyBytes);
    const { seconds, megabytes, result } = measured(() => normalize(ubl, body));
    assert.equal(result.facts[0]?.data.lines?.length, 10_000);
    assert.deepEqual(
      result.reports.map(({ code }) => code),
      ['LINES_CUT'],
    );
    assert.ok(seconds < 20 && megabytes < 400, `${seconds} s, ${megabytes} MB`);
  });

  it('takes the zone of its partner for times without an offset', () => {
    const settings = ubl.manifest.settings.parse({ timeZone: 'Europe/Rome' });
    const context = { receivedAt, settings, manifest: ubl.manifest };
    const { facts } = ubl.inbound.normalize(
      requestOf(advice('<cbc:IssueTime>09:30:00</cbc:IssueTime>')),
      context,
    );
    assert.equal(facts[0]?.data.time.eventTime, '2026-01-13T09:30:00+01:00');
  });

  it('is known again by its UUID, and by its bytes without one', () => {
    const keyOf = (body: string) => ubl.inbound.identify(requestOf(body)).dedupKey;
    const own = advice('<cbc:UUID>88C7280E-8F10-419F-9949-8EFFFA2842B8</cbc:UUID>');
    assert.equal(keyOf(own), keyOf(own.replace('2026-01-13', '2026-01-14')));
    assert.notEqual(keyOf(advice('')), keyOf(advice('<x/>')));
  });
});

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { type CodeRow, codeTable, parseCodeRows } from '../../lib/connectors/kit/codes';
import { parseCsv } from '../../lib/connectors/kit/csv';
import { businessKey } from '../../lib/connectors/kit/draft';
import { parseJson } from '../../lib/connectors/kit/json';
import { verifyHmac, verifyToken } from '../../lib/connectors/kit/signature';
import { compactTime, isoTime, offsetMinutes } from '../../lib/connectors/kit/time';
import { parseXml } from '../../lib/connectors/kit/xml';
import { zoneOf } from '../../lib/connectors/kit/zones';
import { isRerouteError } from '../../lib/model/errors';
import { rfc3339 } from '../../lib/model/fact';
import { inboundConnectors, normalize } from './support/harness';

const row = (status: string, reason: string, meaning: Partial<CodeRow> = {}): CodeRow => ({
  codeList: 'list',
  status,
  reason,
  note: 'n',
  source: 's',
  ...meaning,
});

describe('a payload of very many events', () => {
  it('gives a fact for each of them', () => {
    const easypost = inboundConnectors.find(({ manifest }) => manifest.id === 'easypost');
    assert.ok(easypost);
    const details = Array.from({ length: 12_000 }, (_, at) => ({
      object: 'TrackingDetail',
      status: 'in_transit',
      message: 'Departed',
      datetime: new Date(Date.UTC(2026, 0, 1) + at * 1000).toISOString(),
    }));
    const tracker = { object: 'Tracker', tracking_code: 'EZ1', carrier: 'USPS', tracking_details: details };
    assert.equal(normalize(easypost, JSON.stringify(tracker)).facts.length, 12_000);
  });
});

describe('a code table', () => {
  const table = codeTable([
    row('IT', '', { milestone: 'IN_TRANSIT' }),
    row('DL', '*', { milestone: 'DELIVERED' }),
    row('DL', '09', { milestone: 'DELIVERED', exception: 'DAMAGED' }),
    row('*', '55', { exception: 'CUSTOMS_HOLD' }),
    row('*', 'A3'),
  ]);

  it('lets the most specific row win', () => {
    assert.equal(table.meaning('list', 'DL', '09').exception, 'DAMAGED');
    assert.equal(table.meaning('list', 'DL', '14').exception, undefined);
    assert.equal(table.meaning('list', 'DL').milestone, 'DELIVERED');
  });

  it('completes a reason of any status by what the status says', () => {
    const { milestone, exception } = table.meaning('list', 'IT', '55');
    assert.deepEqual([milestone, exception], ['IN_TRANSIT', 'CUSTOMS_HOLD']);
  });

  it('shows an unknown reason without forgetting the milestone of a status it knows', () => {
    const { milestone, exception } = table.meaning('list', 'IT', 'Q9');
    assert.deepEqual([milestone, exception], ['IN_TRANSIT', 'UNMAPPED_STATUS']);
  });

  it('does not let a reason that says nothing excuse a status it does not know', () => {
    assert.equal(table.meaning('list', 'Q9', 'A3').exception, 'UNMAPPED_STATUS');
    assert.equal(table.meaning('other', 'IT').exception, 'UNMAPPED_STATUS');
    assert.equal(table.meaning('list', '*', 'A3').exception, 'UNMAPPED_STATUS');
  });

  it('refuses a key that stands there twice, and words the taxonomy does not have', () => {
    const invalid = (error: unknown) => isRerouteError(error) && error.code === 'CODE_TABLE_INVALID';
    assert.throws(() => codeTable([row('IT', ''), row('IT', '')]), invalid);
    const header = 'code_list,status,reason,milestone,exception,note,source\n';
    assert.throws(() => parseCodeRows(`${header}l,s,,NOWHERE,,n,s`, 'test'), invalid);
    assert.throws(() => parseCodeRows(`${header}l,s,,,BROKEN,n,s`, 'test'), invalid);
    assert.throws(() => parseCodeRows('a,b\n', 'test'), invalid);
  });
});

describe('comma-separated values', () => {
  it('are read back as they were written, whatever the fields hold', () => {
    const quoted = (field: string) => `"${field.replace(/"/g, '""')}"`;
    const records = fc.array(fc.array(fc.string(), { minLength: 2, maxLength: 4 }), {
      minLength: 1,
      maxLength: 5,
    });
    fc.assert(
      fc.property(records, (rows) => {
        assert.deepEqual(parseCsv(rows.map((fields) => fields.map(quoted).join(',')).join('\r\n')), rows);
      }),
    );
  });
});

describe('vendor times', () => {
  it('keep the offset of the source', () => {
    assert.deepEqual(isoTime('2026-01-12T16:40:00-06:00'), {
      iso: '2026-01-12T16:40:00-06:00',
      offset: '-06:00',
      ms: Date.UTC(2026, 0, 12, 22, 40),
      confidence: 'SOURCE_OFFSET',
    });
    assert.equal(isoTime('2026-01-12T16:40:00+0530')?.offset, '+05:30');
  });

  it('take the zone of the place with its daylight saving, and say so', () => {
    const summer = compactTime('20260712', '101500', { zone: zoneOf('US', 'IL') });
    assert.deepEqual([summer?.iso, summer?.confidence], ['2026-07-12T10:15:00-05:00', 'LOCATION_INFERRED']);
  });

  it('assume UTC where nothing tells, and say so', () => {
    assert.equal(zoneOf('US', 'TX'), undefined);
    const assumed = compactTime('20260712', '1015', { zone: zoneOf('US', 'TX') });
    assert.deepEqual([assumed?.iso, assumed?.confidence], ['2026-07-12T10:15:00+00:00', 'ASSUMED_UTC']);
  });

  it('refuse moments that do not exist', () => {
    for (const text of [
      '2026-02-30T10:00:00Z',
      '2026-13-01T10:00:00Z',
      '2026-01-01T24:30:00Z',
      '2026-01-01T10:61:00Z',
      'yesterday',
      '',
    ])
      assert.equal(isoTime(text), undefined, text);
    assert.equal(compactTime('20260230', '1000'), undefined);
    assert.equal(compactTime('20260101', '9'), undefined);
    assert.equal(offsetMinutes('+25:00'), undefined);
  });

  it('are valid RFC 3339 whenever they are read at all', () => {
    const date = fc.date({ min: new Date('1970-01-01'), max: new Date('2100-01-01'), noInvalidDate: true });
    const offset = fc.constantFrom('Z', '+01:00', '-0330', '+14:00', '');
    fc.assert(
      fc.property(date, offset, (moment, zone) => {
        const time = isoTime(moment.toISOString().slice(0, 19) + zone);
        assert.ok(time !== undefined && rfc3339.safeParse(time.iso).success);
        assert.equal(Date.parse(time.iso), time.ms);
      }),
    );
  });
});

describe('the business key of an event', () => {
  const event = { carrier: 'ups', trackingNumber: '1Z', status: 'X', eventTime: 5, place: { city: 'Reno' } };

  it('is the same for the same event, however the place is written', () => {
    assert.equal(businessKey(event), businessKey({ ...event, place: { city: 'RENO' } }));
  });

  it('differs with every part of the event', () => {
    const others = [
      { carrier: 'fedex' },
      { trackingNumber: '1Y' },
      { status: 'I' },
      { reason: 'a' },
      { eventTime: 6 },
      { place: {} },
    ];
    const keys = others.map((other) => businessKey({ ...event, ...other }));
    assert.equal(new Set([businessKey(event), ...keys]).size, others.length + 1);
  });
});

describe('signatures', () => {
  const body = Buffer.from('{"a":1}');
  const sign = (key: string) => createHmac('sha256', key).update(body).digest('hex');
  const check = (provided: string | undefined, keys: string[]) =>
    verifyHmac({ algorithm: 'sha256', encoding: 'hex', body, provided, keys }).ok;

  it('accept the key before a rotation beside the current one, and no other', () => {
    assert.ok(check(sign('new'), ['new', 'old']));
    assert.ok(check(sign('old'), ['new', 'old']));
    assert.ok(!check(sign('older'), ['new', 'old']));
  });

  it('refuse what is missing, cut or not configured', () => {
    assert.ok(!check(undefined, ['new']));
    assert.ok(!check(sign('new').slice(0, 32), ['new']));
    assert.ok(!check(sign('new'), []));
    assert.ok(!verifyToken('', ['']).ok);
  });
});

describe('parsing', () => {
  it('refuses nesting without an end, but not brackets in a text', () => {
    assert.ok(!parseJson(Buffer.from('['.repeat(100_000))).ok);
    assert.ok(parseJson(Buffer.from(JSON.stringify({ text: `${'['.repeat(500)}\\"{{{` }))).ok);
  });

  it('keeps leading zeros of XML values and reads the declared encoding', () => {
    const latin = Buffer.from(
      '<?xml version="1.0" encoding="ISO-8859-1"?><a><n>007</n><city>K\xf6ln</city></a>',
      'latin1',
    );
    const parsed = parseXml(latin);
    assert.ok(parsed.ok);
    assert.deepEqual((parsed.value as { a: unknown }).a, { n: '007', city: 'Köln' });
  });
});

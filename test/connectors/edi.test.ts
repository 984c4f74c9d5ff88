import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readEdifact } from '../../lib/connectors/edifact/envelope';
import { dtmTime } from '../../lib/connectors/edifact/times';
import { buildInterchange as buildEdifact, controlReferenceOf } from '../../lib/connectors/edifact/write';
import { Segment, SegmentScanner, type Separators } from '../../lib/connectors/kit/edi/segments';
import { decimalText, decodeBytes, ssccOf } from '../../lib/connectors/kit/edi/text';
import { readX12 } from '../../lib/connectors/x12/envelope';
import { x12Time } from '../../lib/connectors/x12/times';
import {
  acknowledgementNumberOf,
  buildInterchange,
  controlNumberOf,
  ownSeparators,
} from '../../lib/connectors/x12/write';

const edifact: Separators = { component: ':', element: '+', release: '?', terminator: "'" };
const released = (text: string) => text.replace(/[:+?']/g, (sign) => `?${sign}`);

describe('EDI segments', () => {
  it('give back whatever the release character protects', () => {
    const value = fc.string({ unit: fc.constantFrom('a', ' ', ':', '+', '?', "'", 'ü') });
    fc.assert(
      fc.property(
        fc.array(fc.array(value, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 5 }),
        (elements) => {
          const raw = `RFF+${elements.map((parts) => parts.map(released).join(':')).join('+')}`;
          const [first, second] = [new SegmentScanner(`${raw}'NEXT'`, 0, edifact)].flatMap((scanner) => [
            scanner.next(),
            scanner.next(),
          ]);
          assert.equal(second, 'NEXT');
          const segment = new Segment(first ?? '', 1, edifact);
          elements.forEach((parts, n) => {
            parts.forEach((part, k) => {
              // White space at the end of a segment is a line break of the sender's.
              const last = n === elements.length - 1 && k === parts.length - 1;
              assert.equal(segment.component(n + 1, k + 1), last ? part.trimEnd() : part);
            });
          });
        },
      ),
    );
  });

  it('of X12 are well-formed whatever is written into them', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.string({ unit: 'binary', maxLength: 12 }), { maxLength: 5 }), { maxLength: 6 }),
        fc.string(),
        (segments, id) => {
          const body = segments.map((elements) => ['N9', ...elements]);
          const text = buildInterchange({
            separators: ownSeparators,
            sender: { qualifier: 'ZZ', id },
            receiver: { qualifier: 'ZZ', id: 'THEM' },
            groupSender: 'US',
            groupReceiver: 'THEM',
            interchangeVersion: '00401',
            version: '004010',
            control: controlNumberOf({ sequence: 1, at: 0 }),
            usage: 'P',
            now: 0,
            functionalId: 'QM',
            sets: [{ type: '214', body }],
          });
          assert.equal(text.indexOf('~'), 105);
          for (const part of readX12(text)) {
            assert.notEqual(part.kind, 'stray');
            assert.ok(!('fault' in part) || part.fault === undefined);
            if (part.kind === 'set')
              assert.deepEqual([part.set.fault, part.set.segments.length], [undefined, body.length + 1]);
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('a control number of X12', () => {
  const day = (text: string) => Date.parse(`${text}T08:00:00Z`);

  it('is the same at every send of an effect, and no other effect has it', () => {
    const numbers = new Set<string>();
    for (const at of [day('2026-03-02'), day('2026-03-03'), day('2027-11-30')])
      for (let sequence = 1; sequence <= 20_000; sequence += 1)
        numbers.add(controlNumberOf({ sequence, at }));
    assert.equal(numbers.size, 60_000);
    const effect = { sequence: 4711, at: day('2026-03-02') };
    assert.equal(controlNumberOf(effect), controlNumberOf({ ...effect, at: effect.at + 3_600_000 }));
  });

  it('has nine digits, is never zero, and is told from an acknowledgement', () => {
    fc.assert(
      fc.property(fc.nat({ max: 2 ** 40 }), fc.nat({ max: 4e12 }), (sequence, at) => {
        const number = controlNumberOf({ sequence, at });
        assert.match(number, /^\d{9}$/);
        assert.ok(Number(number) > 0 && Number(number) < 900_000_000);
      }),
    );
    fc.assert(
      fc.property(fc.string({ maxLength: 9 }), (control) => {
        assert.match(acknowledgementNumberOf(control), /^9\d{8}$/);
      }),
    );
    assert.notEqual(acknowledgementNumberOf('000000101'), acknowledgementNumberOf('000000102'));
  });
});

describe('an EDIFACT message of ours', () => {
  it('is well-formed and says what was meant, whatever is written into it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.string({ unit: 'binary', maxLength: 8 }), { maxLength: 4 }), { maxLength: 5 }),
        (elements) => {
          const text = buildEdifact({
            sender: ['US', '14'],
            receiver: ['THEM', '14'],
            control: controlReferenceOf('key'),
            now: 0,
            test: false,
            message: ['ORDRSP', 'D', '96A', 'UN'],
            body: [
              ['FTX', ...elements],
              ['RFF', ['ON', "a+b:c'd?e"]],
            ],
          });
          const parts = [...readEdifact(text)];
          assert.ok(
            parts.every((part) => part.kind !== 'stray' && (!('fault' in part) || part.fault === undefined)),
          );
          const message = parts.find((part) => part.kind === 'message');
          assert.equal(message?.message.fault, undefined);
          assert.equal(message?.message.segments.at(-1)?.component(1, 2), "a+b:c'd?e");
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('EDI times', () => {
  const x12 = (date: string, time: string, code: string, place = {}, zone?: string) => {
    const read = x12Time(date, time, code, place, zone);
    return read && [read.iso, read.confidence];
  };

  it('of X12 claim an offset only where the time code is one', () => {
    const florida = { state: 'NJ', country: 'US' };
    for (const [code, iso, confidence] of [
      ['UT', '2026-07-13T09:30:00+00:00', 'SOURCE_OFFSET'],
      ['GM', '2026-07-13T09:30:00+00:00', 'SOURCE_OFFSET'],
      ['ED', '2026-07-13T09:30:00-04:00', 'SOURCE_OFFSET'],
      ['ES', '2026-07-13T09:30:00-05:00', 'SOURCE_OFFSET'],
      ['NS', '2026-07-13T09:30:00-03:30', 'SOURCE_OFFSET'],
      ['01', '2026-07-13T09:30:00+01:00', 'SOURCE_OFFSET'],
      ['12', '2026-07-13T09:30:00+12:00', 'SOURCE_OFFSET'],
      ['13', '2026-07-13T09:30:00-12:00', 'SOURCE_OFFSET'],
      ['24', '2026-07-13T09:30:00-01:00', 'SOURCE_OFFSET'],
      ['ET', '2026-07-13T09:30:00-04:00', 'LOCATION_INFERRED'],
      ['PT', '2026-07-13T09:30:00-07:00', 'LOCATION_INFERRED'],
      ['LT', '2026-07-13T09:30:00+00:00', 'ASSUMED_UTC'],
      ['', '2026-07-13T09:30:00+00:00', 'ASSUMED_UTC'],
      ['25', '2026-07-13T09:30:00+00:00', 'ASSUMED_UTC'],
    ] as const)
      assert.deepEqual(x12('20260713', '0930', code), [iso, confidence], code);
    assert.deepEqual(x12('20260713', '0930', 'LT', florida), [
      '2026-07-13T09:30:00-04:00',
      'LOCATION_INFERRED',
    ]);
    assert.deepEqual(x12('20260713', '0930', '', { state: 'NJ' }), [
      '2026-07-13T09:30:00-04:00',
      'LOCATION_INFERRED',
    ]);
    assert.deepEqual(x12('20260713', '0930', '', { state: 'ON' }), [
      '2026-07-13T09:30:00+00:00',
      'ASSUMED_UTC',
    ]);
    assert.deepEqual(x12('20260713', '0930', '', {}, 'Europe/Paris'), [
      '2026-07-13T09:30:00+02:00',
      'LOCATION_INFERRED',
    ]);
  });

  it('of a zone are the same when they are read again, also where the clocks change', () => {
    for (const [date, time, iso] of [
      ['20260308', '0230', '2026-03-08T03:30:00-04:00'],
      ['20260308', '0159', '2026-03-08T01:59:00-05:00'],
      ['20261101', '0200', '2026-11-01T02:00:00-05:00'],
    ] as const)
      for (const _again of [1, 2]) assert.equal(x12(date, time, 'ET')?.[0], iso);
  });

  it('of X12 have centuries, seconds and decimal seconds, and are dates', () => {
    assert.equal(x12('260713', '093015', 'UT')?.[0], '2026-07-13T09:30:15+00:00');
    assert.equal(x12('990713', '09301555', 'UT')?.[0], '1999-07-13T09:30:15+00:00');
    for (const [date, time] of [
      ['20260231', '0930'],
      ['20261301', '0930'],
      ['20260713', '2530'],
      ['2026', ''],
      ['20260713', 'noon'],
    ] as const)
      assert.equal(x12(date, time, 'UT'), undefined, date + time);
  });

  it('of EDIFACT are read by the format of their DTM', () => {
    for (const [value, format, iso, confidence] of [
      ['20260713', '102', '2026-07-13T00:00:00+00:00', 'ASSUMED_UTC'],
      ['260713', '101', '2026-07-13T00:00:00+00:00', 'ASSUMED_UTC'],
      ['202607130930', '203', '2026-07-13T09:30:00+00:00', 'ASSUMED_UTC'],
      ['20260713093015', '204', '2026-07-13T09:30:15+00:00', 'ASSUMED_UTC'],
      ['2607130930', '201', '2026-07-13T09:30:00+00:00', 'ASSUMED_UTC'],
      ['202607130930+0200', '205', '2026-07-13T09:30:00+02:00', 'SOURCE_OFFSET'],
      ['202607130930-0330', '205', '2026-07-13T09:30:00-03:30', 'SOURCE_OFFSET'],
      ['202607130930UTC', '303', '2026-07-13T09:30:00+00:00', 'SOURCE_OFFSET'],
      ['202607130930CST', '303', '2026-07-13T09:30:00+00:00', 'ASSUMED_UTC'],
      ['20260713093015GMT', '304', '2026-07-13T09:30:15+00:00', 'SOURCE_OFFSET'],
      ['202607130930', '', '2026-07-13T09:30:00+00:00', 'ASSUMED_UTC'],
    ] as const) {
      const read = dtmTime(value, format, {});
      assert.deepEqual([read?.iso, read?.confidence], [iso, confidence], `${value}:${format}`);
    }
    assert.equal(dtmTime('202607130930', '203', { zone: 'Europe/Berlin' })?.iso, '2026-07-13T09:30:00+02:00');
    for (const [value, format] of [
      ['20260713', '203'],
      ['20261313', '102'],
      ['202629', '616'],
      ['20260713-20260714', '718'],
      ['x', '102'],
      ['', '102'],
    ])
      assert.equal(dtmTime(value ?? '', format ?? '', {}), undefined, `${value}:${format}`);
  });
});

describe('EDI values', () => {
  it('are decimals as senders write them', () => {
    for (const [written, read] of [
      ['5', '5'],
      ['5.00', '5'],
      ['.5', '0.5'],
      ['5.', '5'],
      ['-3', '-3'],
      ['+3', '3'],
      ['1,5', '1.5'],
      ['', undefined],
      ['.', undefined],
      ['1e3', undefined],
      ['1.2.3', undefined],
      ['9'.repeat(50), undefined],
    ] as const)
      assert.equal(decimalText(written), read, written);
  });

  it('are an SSCC only with their check digit', () => {
    assert.equal(ssccOf('00106141411234567897'), '106141411234567897');
    assert.equal(ssccOf('(00) 106141411234567897'), '106141411234567897');
    assert.equal(ssccOf('106141411234567897'), '106141411234567897');
    assert.equal(ssccOf('106141411234567898'), undefined);
    assert.equal(ssccOf('10614141123456789'), undefined);
  });

  it('are decoded as named, or not at all', () => {
    assert.equal(decodeBytes(Uint8Array.of(0x80), 'windows-1252'), '€');
    assert.equal(decodeBytes(Uint8Array.of(0x80), 'iso-8859-1'), '\u0080');
    assert.equal(decodeBytes(Uint8Array.of(0xff), 'utf-8'), undefined);
    assert.equal(decodeBytes(Uint8Array.of(0x41), 'no-such'), undefined);
    assert.equal(decodeBytes(Uint8Array.of(0xef, 0xbb, 0xbf, 0xc3, 0xa9)), 'é');
  });
});

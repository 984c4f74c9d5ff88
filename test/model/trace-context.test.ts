/** W3C trace context: what is taken for one, and where a delivery stands. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { acceptanceOf, parseTraceparent, traceparentOf } from '../../lib/model/trace-context';

const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
const parent = '00f067aa0ba902b7';

describe('trace context', () => {
  it('reads what it writes', () => {
    const hex = (length: number) =>
      fc
        .array(fc.integer({ min: 0, max: 15 }), { minLength: length, maxLength: length })
        .filter((digits) => digits.some((digit) => digit > 0))
        .map((digits) => digits.map((digit) => digit.toString(16)).join(''));
    fc.assert(
      fc.property(hex(32), hex(16), fc.boolean(), (traceId, spanId, sampled) => {
        const context = { traceId, spanId, sampled };
        assert.deepEqual(parseTraceparent(traceparentOf(context)), context);
      }),
    );
  });

  it('takes a later version with more behind the flags', () => {
    assert.deepEqual(parseTraceparent(`cc-${trace}-${parent}-01-what-comes`), {
      traceId: trace,
      spanId: parent,
      sampled: true,
    });
  });

  for (const [why, text] of [
    ['version ff', `ff-${trace}-${parent}-01`],
    ['version 00 with more', `00-${trace}-${parent}-01-more`],
    ['a trace id of zeros', `00-${'0'.repeat(32)}-${parent}-01`],
    ['a parent id of zeros', `00-${trace}-${'0'.repeat(16)}-01`],
    ['capitals', `00-${trace.toUpperCase()}-${parent}-01`],
    ['another text', 'yes please'],
  ] as const)
    it(`ignores ${why}`, () => assert.equal(parseTraceparent(text), undefined));

  it('stands in the trace of the sender, else in one that the correlation id names', () => {
    const id = '019a0000-0000-7000-8000-000000000001';
    const own = acceptanceOf(id, undefined);
    assert.equal(own.traceId, '019a000000007000800000000000' + '0001');
    const theirs = acceptanceOf(id, { traceId: trace, spanId: parent, sampled: false });
    assert.deepEqual(theirs, { traceId: trace, spanId: own.spanId, sampled: false });
    assert.notEqual(acceptanceOf('of another form', undefined).traceId, own.traceId);
  });
});

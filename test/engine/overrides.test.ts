/** What analysts set on a partner's facts: applied after the mapping, checked before it counts, and never a loss. */
import assert from 'node:assert/strict';
import type { NormalizeResult } from '../../lib/connectors/kit/connector';
import {
  type Override,
  Overrides,
  overrideProblems,
  overrideTargets,
} from '../../lib/engine/facts/overrides';
import { factData } from '../../lib/model/fact';
import { scanOf } from '../support/polled';

const result = (...numbers: string[]): NormalizeResult => ({
  facts: numbers.map((number) => scanOf(number, 1)),
  reports: [],
});

async function applied(overrides: Override[], body: string, given = result('N1'), now = Date.now) {
  const after = await new Overrides(overrides, 'acme').apply(given, Buffer.from(body), now);
  for (const { data } of after.facts) assert.ok(factData.safeParse(data).success);
  return after;
}
const codes = ({ reports }: NormalizeResult) => reports.map(({ kind, code }) => `${kind} ${code}`);

describe('an override of a field', () => {
  it('reads the JSON payload and the fact as it was mapped', async () => {
    const { facts, reports } = await applied(
      [
        { set: 'identifiers.orderNumber', to: 'payload.custom.ZZORDER' },
        { set: 'context.warehouse', to: '"WH-" & fact.identifiers.trackingNumber[0].value' },
        { set: 'identifiers.trackingNumber', to: '[{ "carrier": "other", "value": payload.n }]' },
      ],
      '{"custom":{"ZZORDER":"0004711"},"n":"X9"}',
    );
    assert.deepEqual(reports, []);
    assert.deepEqual(facts[0]?.data.identifiers, {
      orderNumber: [{ namespace: 'acme', value: '0004711' }],
      trackingNumber: [{ carrier: 'other', value: 'X9' }],
    });
    assert.equal(facts[0]?.data.context?.warehouse, 'WH-N1');
    assert.equal(facts[0]?.dedupKey, 'N1:1', 'it is the same fact');
  });

  it('reads XML as data and EDI as text', async () => {
    const xml = await applied(
      [{ set: 'context.warehouse', to: 'payload.Order.Plant' }],
      '<Order><Plant>0100</Plant></Order>',
    );
    assert.equal(xml.facts[0]?.data.context?.warehouse, '0100');
    const edi = await applied(
      [{ set: 'identifiers.customerAccount', to: '$match(payload, /REF\\*ZZ\\*([^~*]+)/).groups[0]' }],
      'ISA*00~REF*ZZ*C-77~',
    );
    assert.deepEqual(edi.facts[0]?.data.identifiers.customerAccount, [{ namespace: 'acme', value: 'C-77' }]);
  });

  it('leaves the field when it gives nothing, and takes it away when it gives null', async () => {
    const given = result('N1');
    const [first] = given.facts;
    assert.ok(first);
    first.data.place = { city: 'Graz' };
    const kept = await applied([{ set: 'place.city', to: 'payload.nothing' }], '{}', given);
    assert.equal(kept.facts[0]?.data.place?.city, 'Graz');
    const gone = await applied([{ set: 'place.city', to: 'null' }], '{}', given);
    assert.equal(gone.facts[0]?.data.place?.city, undefined);
  });

  it('that does not fit the fact is reported once, and the fact stays as it was mapped', async () => {
    const after = await applied(
      [
        { set: 'context.region', to: '"far away"' },
        { set: 'context.warehouse', to: '"W1"' },
      ],
      '{}',
      result('N1', 'N2', 'N3'),
    );
    assert.deepEqual(codes(after), ['rejected OVERRIDE_INVALID']);
    assert.match(after.reports[0]?.message ?? '', /context\.region.*\(3 facts\)/);
    assert.deepEqual(
      after.facts.map(({ data }) => data.context),
      [{ warehouse: 'W1' }, { warehouse: 'W1' }, { warehouse: 'W1' }],
    );
  });

  it('that fails or does not end is given up, and the fact stays', async () => {
    const failing = await applied([{ set: 'context.warehouse', to: '$number("no")' }], '{}');
    assert.deepEqual(codes(failing), ['rejected OVERRIDE_FAILED']);
    const endless = '($f := function($n) { $f($n + 1) }; $f(1))';
    const startedAt = performance.now();
    const stopped = await applied([{ set: 'context.warehouse', to: endless }], '{}');
    assert.deepEqual(codes(stopped), ['rejected OVERRIDE_FAILED']);
    assert.ok(performance.now() - startedAt < 1_500);
    assert.equal(stopped.facts.length, 1);
  });

  it('stops when the overrides of one payload have taken too long', async () => {
    let clock = 0;
    const after = await applied(
      [{ set: 'context.warehouse', to: '"W1"' }],
      '{}',
      result('N1', 'N2', 'N3'),
      () => (clock += 900),
    );
    assert.deepEqual(codes(after), ['rejected OVERRIDE_TIMEOUT']);
    assert.equal(after.facts.length, 3);
    assert.equal(after.facts[0]?.data.context?.warehouse, 'W1');
  });

  it('reads bytes that are no text as nothing', async () => {
    const overrides = new Overrides([{ set: 'context.warehouse', to: 'payload' }], 'acme');
    const after = await overrides.apply(result('N1'), Buffer.from([0xff, 0xfe, 0xfd]), Date.now);
    assert.equal(after.facts[0]?.data.context, undefined);
  });
});

describe('overrides as they are saved', () => {
  it('are checked for their place and their syntax', () => {
    assert.deepEqual(overrideProblems([{ set: 'context.warehouse', to: 'payload.x' }]), []);
    const problems = overrideProblems([
      { set: 'milestone', to: '"DELIVERED"' },
      { set: '__proto__', to: '1' },
      { set: 'context.warehouse', to: 'payload.(' },
    ]);
    assert.equal(problems.length, 3);
    assert.match(problems[0] ?? '', /"milestone" is no place/);
    assert.match(problems[2] ?? '', /not valid JSONata/);
    assert.equal(overrideProblems(Array.from({ length: 51 }, () => ({ set: 'bizStep', to: '1' }))).length, 1);
  });

  it('never reach what the event was', () => {
    for (const forbidden of [
      'time',
      'milestone',
      'exception',
      'sourceCode',
      'raw',
      'retracts',
      'evidence',
      'lines',
    ])
      assert.ok(!overrideTargets.some((target) => target.split('.')[0] === forbidden), forbidden);
  });
});

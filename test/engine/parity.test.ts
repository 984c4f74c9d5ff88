/** Two ways of one lane: paired by shipment, code and time, compared field by field. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { compareFacts, type ParityFact } from '../../lib/engine/parity/compare';
import { judge } from '../../lib/engine/parity/report';
import type { FactData } from '../../lib/model/fact';
import { identifierTokens } from '../../lib/model/keys';
import { aFact } from '../support/fact-builder';

const options = {
  windowMs: 7_200_000,
  toleranceMs: 60_000,
  settledBefore: Number.MAX_SAFE_INTEGER,
  examples: 3,
};
let counter = 0;

/** A fact of a shipment; `minute` after noon. */
function said(shipment: string, minute: number, data: Partial<FactData> = {}, recordedAt = 0): ParityFact {
  counter += 1;
  const identifiers = { ...data.identifiers, trackingNumber: [{ carrier: 'ups', value: shipment }] };
  const fact = aFact({ key: `k${counter}`, minute, data: { milestone: 'IN_TRANSIT', ...data, identifiers } });
  return {
    id: fact.id,
    subject: fact.subject,
    tokens: identifierTokens(identifiers),
    data: fact.data,
    recordedAt,
  };
}
const field = (comparison: ReturnType<typeof compareFacts>, name: string) =>
  comparison.fields.find((one) => one.field === name);

describe('the parity of two ways', () => {
  it('pairs what is the same event, whatever the order and however often a shipment is seen', () => {
    const edi = [said('1Z1', 0), said('1Z1', 60, { milestone: 'ARRIVED' }), said('1Z2', 0)];
    const api = [said('1Z2', 0), said('1Z1', 61, { milestone: 'ARRIVED' }), said('1Z1', 1)];
    const comparison = compareFacts(edi, api, options);
    assert.equal(comparison.paired, 3);
    assert.deepEqual([comparison.onlyReference, comparison.onlyCandidate], [[], []]);
    assert.deepEqual([field(comparison, 'eventTime')?.agree, field(comparison, 'eventTime')?.differ], [3, 0]);
  });

  it('pairs by any identifier that both know, whatever the namespace', () => {
    const edi = said('X1', 0, { identifiers: { proNumber: [{ namespace: 'edi', value: '00-42' }] } });
    const api = said('X2', 0, { identifiers: { proNumber: [{ namespace: 'acme', value: '0042' }] } });
    assert.equal(compareFacts([edi], [api], options).paired, 1);
    assert.equal(compareFacts([edi], [said('X2', 0)], options).paired, 0);
  });

  it('says of each field whether it agrees, differs, is missing or was added, with examples', () => {
    const comparison = compareFacts(
      [
        said('1Z1', 0, { place: { city: 'Memphis', country: 'US' }, context: { warehouse: 'W1' } }),
        said('1Z2', 0, { place: { city: 'Reno' } }),
      ],
      [
        said('1Z1', 0, { place: { city: ' MEMPHIS', country: 'US' } }),
        said('1Z2', 90, { place: { city: 'Graz', postalCode: '8010' } }),
      ],
      options,
    );
    assert.partialDeepStrictEqual(field(comparison, 'place.city'), {
      agree: 1,
      differ: 1,
      missing: 0,
      added: 0,
    });
    assert.partialDeepStrictEqual(field(comparison, 'context.warehouse'), { missing: 1 });
    assert.partialDeepStrictEqual(field(comparison, 'place.postalCode'), { added: 1 });
    assert.partialDeepStrictEqual(field(comparison, 'eventTime'), { agree: 1, differ: 1 });
    const [example] = field(comparison, 'place.city')?.examples ?? [];
    assert.deepEqual([example?.reference.value, example?.candidate.value], ['RENO', 'GRAZ']);
  });

  it('counts an event that the two name differently as a pair whose code differs', () => {
    const comparison = compareFacts(
      [said('1Z1', 0, { exception: { code: 'DAMAGED' } })],
      [said('1Z1', 0, { exception: { code: 'LOST' } })],
      options,
    );
    assert.equal(comparison.paired, 1);
    assert.partialDeepStrictEqual(field(comparison, 'code'), { differ: 1 });
  });

  it('never takes a forecast for the event, nor another shipment for this one', () => {
    const estimate = { ...said('1Z1', 0, { milestone: 'DELIVERED' }) };
    estimate.data = { ...estimate.data, time: { ...estimate.data.time, timeClassifier: 'ESTIMATED' } };
    const comparison = compareFacts(
      [said('1Z1', 30, { milestone: 'DELIVERED' }), said('1Z3', 0)],
      [estimate, said('1Z4', 0)],
      options,
    );
    assert.equal(comparison.paired, 0);
    assert.deepEqual(
      comparison.onlyReference.map(({ code, count }) => [code, count]),
      [
        ['DELIVERED', 1],
        ['IN_TRANSIT', 1],
      ],
    );
    assert.deepEqual(comparison.onlyCandidate.map(({ code }) => code).sort(), [
      'DELIVERED ESTIMATED',
      'IN_TRANSIT',
    ]);
  });

  it('does not miss what the slower way may still bring', () => {
    const comparison = compareFacts([said('1Z1', 0, {}, 900)], [], { ...options, settledBefore: 500 });
    assert.deepEqual([comparison.pending, comparison.onlyReference], [1, []]);
  });

  it('gives every fact one pair at most, and forgets none', () => {
    const facts = fc.array(
      fc.record({
        shipment: fc.constantFrom('A', 'B', 'C'),
        minute: fc.nat({ max: 300 }),
        late: fc.boolean(),
      }),
      { maxLength: 25 },
    );
    fc.assert(
      fc.property(facts, facts, (left, right) => {
        const make = (items: typeof left) =>
          items.map(({ shipment, minute, late }) =>
            said(shipment, minute, late ? { exception: { code: 'TRANSIT_DELAYED' } } : {}),
          );
        const comparison = compareFacts(make(left), make(right), options);
        const alone = (groups: { count: number }[]) => groups.reduce((sum, { count }) => sum + count, 0);
        assert.equal(comparison.paired + alone(comparison.onlyReference), left.length);
        assert.equal(comparison.paired + alone(comparison.onlyCandidate), right.length);
        const itself = compareFacts(make(left), make(left), options);
        assert.equal(itself.paired, left.length);
      }),
      { numRuns: 60 },
    );
  });

  it('of twenty thousand facts is told within seconds', () => {
    const many = (offset: number) =>
      Array.from({ length: 20_000 }, (_, at) => said(`1Z${Math.floor(at / 8)}`, (at % 8) * 200 + offset));
    const [left, right] = [many(0), many(0.5)];
    const startedAt = performance.now();
    assert.equal(compareFacts(left, right, options).paired, 20_000);
    assert.ok(performance.now() - startedAt < 5_000);
  });
});

describe('the verdict on cutting over', () => {
  const lane = (count: number, lost: number, wrong: number) => {
    const edi = Array.from({ length: count }, (_, at) => said(`S${at}`, 0, { place: { city: 'Reno' } }));
    const api = Array.from({ length: count - lost }, (_, at) =>
      said(`S${at}`, 0, { place: { city: at < wrong ? 'Graz' : 'Reno' } }),
    );
    return judge(compareFacts(edi, api, options), 0.98);
  };

  it('is ready when nothing is missing and fields agree', () => {
    assert.deepEqual(lane(100, 0, 0), { coverage: 1, agreement: 1, verdict: 'ready', reasons: [] });
  });

  it('is not ready below the threshold, and says what is missing or wrong', () => {
    const missing = lane(100, 3, 0);
    assert.deepEqual([missing.verdict, missing.coverage], ['not-ready', 0.97]);
    assert.match(missing.reasons.join(), /lacks 3 of 100 facts: IN_TRANSIT \(3\)/);
    const wrong = lane(100, 0, 10);
    assert.equal(wrong.verdict, 'not-ready');
    assert.match(wrong.reasons.join(), /place\.city \(10\)/);
  });

  it('is withheld while there is too little to judge', () => {
    assert.equal(lane(49, 0, 0).verdict, 'too-little-data');
    assert.equal(lane(0, 0, 0).verdict, 'too-little-data');
  });
});

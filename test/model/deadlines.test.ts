import assert from 'node:assert/strict';
import {
  type DeadlineKind,
  defaultPatience,
  historyMs,
  missedDeadlines,
  nextDeadline,
} from '../../lib/model/deadlines';
import type { Fact } from '../../lib/model/fact';
import { emptyShipment, foldShipment } from '../../lib/model/shipment';
import { aFact, isoAt, at as minuteAt } from '../support/fact-builder';

const hour = 3_600_000;
const day = 24 * hour;
const start = minuteAt(0);
const iso = (ms: number) => isoAt(ms / 60_000);
let keys = 0;
/** A fact some milliseconds after the start. */
const told = (at: number, data: Partial<Fact['data']>, classifier: 'ACTUAL' | 'PLANNED' = 'ACTUAL') =>
  aFact({ key: `k${++keys}`, minute: at / 60_000, recordedMinute: 0, classifier, data });
const seen = (
  milestone: NonNullable<Fact['data']['milestone']>,
  at: number,
  more: Partial<Fact['data']> = {},
) => told(at, { milestone, ...more });
const fold = (facts: Fact[]) => facts.reduce(foldShipment, emptyShipment('trk:ups:1Z1'));
/** Kinds that were missed at a time, in milliseconds after the start. */
const missed = (facts: Fact[], at: number): DeadlineKind[] =>
  missedDeadlines(fold(facts), defaultPatience, start + at).map(({ kind }) => kind);

describe('A shipment', () => {
  const promised = seen('IN_TRANSIT', 0, { context: { promisedDeliveryAt: iso(day) } });

  it('is overdue when its promise and the grace behind it have passed without a delivery', () => {
    assert.deepEqual(missed([promised], day + hour), []);
    const [found] = missedDeadlines(fold([promised]), defaultPatience, start + day + hour + 1);
    assert.deepEqual([found?.code, found?.onsetAt], ['TRANSIT_DELAYED', start + day]);
    assert.deepEqual(missed([promised, seen('DELIVERED', day - 1)], day + 2 * hour), []);
  });

  it('is overdue by its estimate where nothing was promised, and by the later of the two', () => {
    const estimated = seen('IN_TRANSIT', 0, { context: { etaAt: iso(day) } });
    assert.deepEqual(missed([estimated], day + 2 * hour), ['delivery']);
    const later = seen('DEPARTED', hour, { context: { etaAt: iso(1.5 * day) } });
    assert.deepEqual(missed([promised, later], day + 2 * hour), []);
    assert.deepEqual(missed([promised, later], 1.5 * day + 2 * hour), ['delivery']);
  });

  it('is stalled when no scan came for longer than its lane takes, and not while the cause is known', () => {
    const scan = seen('ARRIVED', 0);
    assert.deepEqual(missed([scan], 2 * day), []);
    assert.deepEqual(missed([scan], 2 * day + 1), ['scan']);
    assert.deepEqual(missed([scan, seen('DEPARTED', day)], 2 * day + 1), []);
    const held = told(hour, { exception: { code: 'CUSTOMS_HOLD' } });
    assert.deepEqual(missed([scan, held], 3 * day), []);
    const patient = { ...defaultPatience, stalledAfterMs: 3 * day };
    assert.deepEqual(missedDeadlines(fold([scan]), patient, start + 2 * day + 1), []);
  });

  it('has missed its pickup when the planned one passed, or no scan followed the label', () => {
    const label = seen('LABEL_CREATED', 0);
    const planned = told(4 * hour, { milestone: 'PICKED_UP' }, 'PLANNED');
    assert.deepEqual(missed([label, planned], 6 * hour), []);
    assert.deepEqual(missed([label, planned], 6 * hour + 1), ['pickup']);
    assert.deepEqual(missed([label, planned, seen('PICKED_UP', 3 * hour)], 7 * hour), []);
    assert.deepEqual(missed([label], 3 * day + 1), ['pickup']);
  });

  it('that was announced is missing when it was delivered and nobody received it', () => {
    const asn = seen('DELIVERED', 0, { identifiers: { asnId: [{ namespace: 'erp', value: 'A1' }] } });
    assert.deepEqual(missed([asn], 2 * day + 1), ['receipt']);
    assert.deepEqual(missed([asn, seen('RECEIVED', day)], 3 * day), []);
    assert.deepEqual(
      missed([seen('DELIVERED', 0)], 3 * day),
      [],
      'nobody reports the receipt of what was not announced',
    );
  });

  it('is looked at again when its next deadline has passed, and never once nothing is waited for', () => {
    const view = fold([promised]);
    assert.equal(nextDeadline(view, defaultPatience, start), start + day + hour + 1);
    assert.equal(nextDeadline(view, defaultPatience, start + day + hour + 1), start + 2 * day + 1);
    assert.equal(
      nextDeadline(fold([promised, seen('DELIVERED', hour)]), defaultPatience, start + hour),
      undefined,
    );
  });

  it('states nothing about what passed long before', () => {
    assert.deepEqual(missed([promised], day + hour + historyMs), ['delivery', 'scan']);
    assert.deepEqual(missed([promised], 2 * day + historyMs + 1), []);
  });

  it('that no identifier names becomes a case of its own after four hours', () => {
    const alone = foldShipment(emptyShipment('fact:f1'), seen('ARRIVED', 0));
    assert.deepEqual(
      missedDeadlines(alone, defaultPatience, start + 4 * hour + 1).map(({ code }) => code),
      ['IDENTIFIER_UNRESOLVED'],
    );
  });
});

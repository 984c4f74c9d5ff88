import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  addBusinessHours,
  aroundTheClock,
  businessCalendar,
  businessMsBetween,
  calendarOf,
  regionCalendars,
} from '../../lib/model/calendar';
import type { CaseState } from '../../lib/model/case';
import { agingBucketOf, percentile, summarize, timeToDetect, timeToRemediate } from '../../lib/model/clocks';
import { FatalError } from '../../lib/model/errors';

const day: [string, string][] = [
  ['08:00', '12:00'],
  ['13:00', '17:00'],
];
const berlin = businessCalendar.parse({
  name: 'berlin',
  zone: 'Europe/Berlin',
  hours: { mon: day, tue: day, wed: day, thu: day, fri: day },
  holidays: ['2026-04-03', '2026-04-06'],
});
const ms = (iso: string): number => Date.parse(iso);
const add = (from: string, hours: number): string =>
  new Date(addBusinessHours(berlin, ms(from), hours)).toISOString();

describe('business hours', () => {
  it('count within a day and over its break', () => {
    assert.equal(add('2026-03-02T10:00:00+01:00', 0.5), '2026-03-02T09:30:00.000Z');
    assert.equal(add('2026-03-02T11:00:00+01:00', 2), '2026-03-02T13:00:00.000Z');
  });
  it('are those of the warehouse, else of the region, else every hour', () => {
    const place = regionCalendars.parse({
      default: berlin,
      warehouses: { 'WH-AZ': { name: 'phoenix', zone: 'America/Phoenix', hours: { mon: day } } },
    });
    const book = new Map([['DE', place]]);
    const nameOf = (region?: string, warehouse?: string) => calendarOf(book, { region, warehouse }).name;
    assert.deepEqual(
      [nameOf('DE', 'WH-AZ'), nameOf('DE', 'WH-1'), nameOf('DE'), nameOf('FR'), nameOf()],
      ['phoenix', 'berlin', 'berlin', 'around the clock', 'around the clock'],
    );
  });

  it('start with the next working time when the clock starts outside of it', () => {
    assert.equal(add('2026-03-02T22:00:00+01:00', 1), '2026-03-03T08:00:00.000Z');
    assert.equal(add('2026-03-07T10:00:00+01:00', 1), '2026-03-09T08:00:00.000Z');
  });
  it('leave out weekends and holidays, and follow the local clock through the change of time', () => {
    // Good Friday and Easter Monday; the clocks changed on 29 March.
    assert.equal(add('2026-04-02T16:00:00+02:00', 4), '2026-04-07T09:00:00.000Z');
    assert.equal(add('2026-03-27T16:00:00+01:00', 2), '2026-03-30T07:00:00.000Z');
  });
  it('between two times are those that were added, whenever and however many', () => {
    const when = fc.integer({ min: ms('2026-01-01T00:00:00Z'), max: ms('2026-12-31T00:00:00Z') });
    fc.assert(
      fc.property(when, fc.integer({ min: 0, max: 100 * 60 }), (from, minutes) => {
        assert.equal(
          businessMsBetween(berlin, from, addBusinessHours(berlin, from, minutes / 60)),
          minutes * 60_000,
        );
        assert.equal(addBusinessHours(aroundTheClock, from, minutes / 60), from + minutes * 60_000);
      }),
      { numRuns: 60 },
    );
  });
  it('add up', () => {
    const when = fc.integer({ min: ms('2026-03-01T00:00:00Z'), max: ms('2026-05-01T00:00:00Z') });
    fc.assert(
      fc.property(when, when, when, (a, b, c) => {
        assert.equal(
          businessMsBetween(berlin, a, b) + businessMsBetween(berlin, b, c),
          businessMsBetween(berlin, a, c),
        );
      }),
      { numRuns: 40 },
    );
  });
  it('do not count overlapping times twice', () => {
    const doubled = businessCalendar.parse({
      name: 'd',
      zone: 'UTC',
      hours: {
        mon: [
          ['08:00', '12:00'],
          ['10:00', '14:00'],
        ],
      },
    });
    assert.equal(
      businessMsBetween(doubled, ms('2026-03-02T00:00:00Z'), ms('2026-03-03T00:00:00Z')),
      6 * 3_600_000,
    );
  });
  it('refuse a calendar without work instead of waiting for ever', () => {
    assert.throws(
      () => addBusinessHours(businessCalendar.parse({ name: 'none', zone: 'UTC', hours: {} }), 0, 1),
      FatalError,
    );
  });
  it('refuse an unknown zone and a day that ends before it begins', () => {
    assert.equal(businessCalendar.safeParse({ name: 'x', zone: 'Mars/Base', hours: {} }).success, false);
    assert.equal(
      businessCalendar.safeParse({ name: 'x', zone: 'UTC', hours: { mon: [['12:00', '08:00']] } }).success,
      false,
    );
  });
});

describe('measures', () => {
  it('put ages into their buckets', () => {
    const hour = 3_600_000;
    assert.deepEqual(
      [0, 4, 8, 24, 48, 120, 240, 9999].map((age) => agingBucketOf(age * hour)),
      ['<4h', '4h-8h', '8h-24h', '1d-2d', '2d-5d', '5d-10d', '>10d', '>10d'],
    );
    assert.equal(agingBucketOf(4 * hour - 1), '<4h');
  });
  it('leave out what cannot be compared', () => {
    const state = {
      onsetTrusted: true,
      onsetAt: 100,
      detectedAt: 400,
      lastVerifiedAt: 1000,
      state: 'VERIFIED',
    } as CaseState;
    assert.equal(timeToDetect(state), 300);
    assert.equal(timeToDetect({ ...state, onsetTrusted: false }), undefined);
    assert.equal(timeToRemediate(state), 600);
    assert.equal(timeToRemediate({ ...state, state: 'CANCELLED' }), undefined);
    assert.deepEqual(summarize([3, undefined, 1, 2]), { count: 3, p50: 2, p90: 3 });
    assert.equal(percentile([], 0.5), undefined);
  });
});

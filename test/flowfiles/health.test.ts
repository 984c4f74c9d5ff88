import assert from 'node:assert/strict';
import { type HealthSample, provedHealthy, unhealthyBecause } from '../../lib/flowfiles/health';

const sample = (more: Partial<HealthSample> = {}): HealthSample => ({
  elapsedMs: 1_000,
  flowsStarted: true,
  ready: true,
  deadLetters: 0,
  ended: 0,
  failed: 0,
  ...more,
});

describe('the health of a deploy', () => {
  const well: [string, HealthSample[]][] = [
    ['nothing was seen yet', []],
    ['the flows are still starting', [sample({ flowsStarted: false, elapsedMs: 15_000 })]],
    [
      'readiness was away for a moment',
      [sample(), sample({ ready: false, elapsedMs: 2_000 }), sample({ ready: false, elapsedMs: 7_000 })],
    ],
    ['three messages are dead letters', [sample({ deadLetters: 3 })]],
    ['a few attempts failed', [sample({ ended: 9, failed: 9 })]],
    ['half of many attempts failed', [sample({ ended: 20, failed: 10 })]],
  ];
  for (const [what, samples] of well)
    it(`is not doubted while ${what}`, () => assert.equal(unhealthyBecause(samples), undefined));

  const ill: [string, HealthSample[], RegExp][] = [
    ['the flows do not start', [sample({ flowsStarted: false, elapsedMs: 15_001 })], /had not started 15 s/],
    [
      'the runtime stays unready',
      [
        sample({ ready: false, elapsedMs: 0 }),
        sample({ ready: false, elapsedMs: 5_001, notReady: 'ledger: disk full' }),
      ],
      /5 s: ledger: disk full/,
    ],
    ['dead letters burst', [sample({ deadLetters: 4 })], /4 dead letters/],
    ['more than half of ten attempts fail', [sample({ ended: 19, failed: 10 })], /10 of 19 attempts/],
  ];
  for (const [what, samples, reason] of ill)
    it(`is denied when ${what}`, () => assert.match(unhealthyBecause(samples) ?? '', reason));

  it('is proved at the end of the window, by flows that run in a runtime that is ready', () => {
    assert.equal(provedHealthy([], 0), false);
    assert.equal(provedHealthy([sample({ elapsedMs: 999 })], 1_000), false);
    assert.equal(provedHealthy([sample({ ready: false })], 1_000), false);
    assert.equal(provedHealthy([sample({ flowsStarted: false })], 1_000), false);
    assert.equal(provedHealthy([sample()], 1_000), true);
  });
});

/** A partner's lane: rate, concurrency, circuit breaker and hold. */
import assert from 'node:assert/strict';
import { mock } from 'node:test';
import type { OperationResult } from '../../lib/connectors/kit/connector';
import { Lane } from '../../lib/engine/partners/lane';
import { DeferredError } from '../../lib/model/errors';

const wide = {
  ratePerSecond: 1000,
  concurrency: 32,
  timeoutMs: 1_000,
  maxBodyBytes: 1_024,
  inboundPerSecond: 100,
};
const ok: OperationResult<string> = { outcome: 'ok', output: 'done', confirmed: true };
const control = (held: boolean) => ({
  partner: 'p',
  held,
  draining: false,
  by: 'anna',
  reason: 'maintenance',
  at: Date.now(),
});
const deferred = (code: string) => (error: unknown) => error instanceof DeferredError && error.code === code;

describe('a lane', () => {
  it('lets no more calls through a second than its rate', async () => {
    const lane = new Lane('p', { ...wide, ratePerSecond: 5 });
    const started: number[] = [];
    await Promise.all(
      Array.from({ length: 11 }, () =>
        lane.call(async () => {
          started.push(performance.now());
          return ok;
        }),
      ),
    );
    const delayOf = (index: number) => (started[index] ?? 0) - (started[0] ?? 0);
    assert.equal(started.length, 11);
    assert.ok(delayOf(4) < 500, 'the first five go at once');
    assert.ok(delayOf(5) >= 900, `the sixth came after ${delayOf(5)} ms`);
    assert.ok(delayOf(10) >= 1_900, `the eleventh came after ${delayOf(10)} ms`);
  });

  it('has no more calls under way than its concurrency', async () => {
    const lane = new Lane('p', { ...wide, concurrency: 3 });
    let active = 0;
    let most = 0;
    const answers = await Promise.all(
      Array.from({ length: 12 }, () =>
        lane.call(async () => {
          active += 1;
          most = Math.max(most, active);
          await new Promise((resolve) => setTimeout(resolve, 10));
          active -= 1;
          return ok;
        }),
      ),
    );
    assert.equal(answers.length, 12);
    assert.equal(most, 3);
    assert.deepEqual(lane.load, { waiting: 0, active: 0 });
    assert.deepEqual(lane.calls, { ok: 12, failed: 0 });
  });

  describe('whose calls fail', () => {
    beforeEach(() => mock.timers.enable({ apis: ['Date'], now: Date.UTC(2026, 0, 1) }));
    afterEach(() => mock.timers.reset());

    const failing = async (): Promise<OperationResult<string>> => ({ outcome: 'retryable', message: '503' });

    async function opened(): Promise<Lane> {
      const lane = new Lane('p', wide);
      for (let call = 0; call < 5; call += 1) await lane.call(failing);
      assert.equal(lane.breakerState, 'open');
      return lane;
    }

    it('opens its circuit and sends nothing meanwhile', async () => {
      const lane = await opened();
      let sent = false;
      const call = lane.call(async () => {
        sent = true;
        return ok;
      });
      await assert.rejects(call, deferred('CIRCUIT_OPEN'));
      assert.equal(sent, false);
    });

    it('closes it again after a call that works', async () => {
      const lane = await opened();
      mock.timers.tick(5_001);
      assert.deepEqual(await lane.call(async () => ok), ok);
      assert.equal(lane.breakerState, 'closed');
    });

    it('opens it again when the trial call fails', async () => {
      const lane = await opened();
      mock.timers.tick(5_001);
      await lane.call(failing);
      assert.equal(lane.breakerState, 'open');
      await assert.rejects(
        lane.call(async () => ok),
        deferred('CIRCUIT_OPEN'),
      );
    });

    it('takes refusals for business reasons as answers, not as failures', async () => {
      const lane = new Lane('p', wide);
      const refuse = async (): Promise<OperationResult<string>> => ({
        outcome: 'business',
        code: 'CARRIER_REJECTED',
        message: 'no',
      });
      for (let call = 0; call < 20; call += 1) await lane.call(refuse);
      assert.equal(lane.breakerState, 'closed');
      assert.equal(lane.calls.ok, 20);
    });
  });

  it('refuses while it is held, and calls again when it is resumed', async () => {
    const lane = new Lane('p', wide);
    lane.control = control(true);
    let sent = 0;
    const send = async () => {
      sent += 1;
      return ok;
    };
    await assert.rejects(lane.call(send), deferred('PARTNER_HELD'));
    assert.equal(sent, 0);
    lane.control = control(false);
    assert.deepEqual(await lane.call(send), ok);
    assert.equal(sent, 1);
  });
});

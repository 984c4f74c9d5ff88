/** Random operations against a small model: whatever happens, no run is lost and every order key keeps its order. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Lease, Ledger } from '../port';
import type { ClaimedRun } from '../runs';
import { aFailure, aRun } from './builders';
import { type LedgerHarness, takeLease } from './harness';

type Step =
  | { do: 'enqueue'; key: number; delay: number }
  | { do: 'claim'; limit: number }
  | { do: 'finish'; pick: number; how: 'done' | 'retry' | 'dead'; delay: number }
  | { do: 'take-over' }
  | { do: 'pass'; ms: number };

const small = fc.nat({ max: 3 });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('enqueue' as const), key: small, delay: fc.nat({ max: 40 }) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('claim' as const), limit: fc.integer({ min: 1, max: 4 }) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('finish' as const),
      pick: fc.nat({ max: 10 }),
      how: fc.constantFrom('done' as const, 'retry' as const, 'dead' as const),
      delay: fc.nat({ max: 40 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('take-over' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.nat({ max: 60 }) }) },
);

interface ModelRun {
  id: string;
  key: string;
  dueAt: number;
  attempt: number;
  state: 'queued' | 'running' | 'ended';
}

/** What the port promises, in a few lines. */
class Model {
  readonly runs: ModelRun[] = [];
  now = 1000;

  live(): ModelRun[] {
    return this.runs.filter((run) => run.state !== 'ended');
  }

  claim(limit: number): ModelRun[] {
    const first = this.live().filter(
      (run, _index, live) => live.find((other) => other.key === run.key) === run,
    );
    const due = first.filter((run) => run.state === 'queued' && run.dueAt <= this.now);
    due.sort((a, b) => a.dueAt - b.dueAt || this.runs.indexOf(a) - this.runs.indexOf(b));
    const claimed = due.slice(0, limit);
    for (const run of claimed) run.state = 'running';
    return claimed;
  }

  takeOver(): void {
    for (const run of this.live().filter((candidate) => candidate.state === 'running')) {
      run.state = 'queued';
      run.attempt += 1;
    }
  }
}

class Player {
  readonly model = new Model();
  #enqueued = 0;

  constructor(
    readonly harness: LedgerHarness,
    readonly ledger: Ledger,
    readonly prefix: string,
    public lease: Lease,
  ) {}

  async play(next: Step): Promise<void> {
    if (next.do === 'pass') this.model.now += next.ms;
    else if (next.do === 'enqueue') await this.#enqueue(next.key, next.delay);
    else if (next.do === 'claim') await this.#claim(next.limit);
    else if (next.do === 'finish') await this.#finish(next);
    else {
      this.lease = await takeLease(this.harness, this.ledger, 0, 'another');
      this.model.takeOver();
    }
  }

  async #enqueue(key: number, delay: number): Promise<void> {
    this.#enqueued += 1;
    const run = {
      id: `${this.prefix}-${this.#enqueued}`,
      key: `${this.prefix}-key-${key}`,
      dueAt: this.model.now + delay,
    };
    await this.ledger.enqueueRuns(
      0,
      [aRun({ id: run.id, orderKey: run.key, dueAt: run.dueAt })],
      this.model.now,
    );
    this.model.runs.push({ ...run, attempt: 1, state: 'queued' });
  }

  async #claim(limit: number): Promise<void> {
    const claimed = await this.ledger.claimRuns(this.lease, { now: this.model.now, limit });
    const seen = (run: ClaimedRun | ModelRun) => [run.id, run.attempt];
    assert.deepEqual(claimed.map(seen), this.model.claim(limit).map(seen));
  }

  async #finish({ pick, how, delay }: Extract<Step, { do: 'finish' }>): Promise<void> {
    const running = this.model.runs.filter((run) => run.state === 'running');
    const run = running[pick % Math.max(1, running.length)];
    if (!run) return;
    const at = this.model.now;
    const common = { runId: run.id, at, error: aFailure };
    if (how === 'done') await this.ledger.settleRuns(this.lease, [{ runId: run.id, outcome: 'done', at }]);
    else if (how === 'dead')
      await this.ledger.settleRuns(this.lease, [{ ...common, outcome: 'dead', deadLetters: [] }]);
    else {
      await this.ledger.settleRuns(this.lease, [
        { ...common, outcome: 'retry', dueAt: at + delay, spent: true },
      ]);
      run.dueAt = at + delay;
      run.attempt += 1;
    }
    run.state = how === 'retry' ? 'queued' : 'ended';
  }

  /** Everything that is left comes out, in order. */
  async drain(): Promise<void> {
    await this.play({ do: 'take-over' });
    this.model.now += 10_000;
    while (this.model.live().length > 0) {
      await this.play({ do: 'claim', limit: 100 });
      const before = this.model.live().length;
      while (this.model.runs.some((run) => run.state === 'running')) {
        await this.play({ do: 'finish', pick: 0, how: 'done', delay: 0 });
      }
      assert.ok(this.model.live().length < before, 'a live run cannot be claimed any more');
    }
    assert.equal((await this.ledger.backlog()).total, 0);
  }
}

export function randomConformance(harness: LedgerHarness): void {
  describe('any sequence of operations', () => {
    afterEach(() => harness.close());

    it('claims as the model does and loses no run', async function () {
      this.timeout(30_000);
      const ledger = await harness.open();
      let round = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
          round += 1;
          const player = new Player(harness, ledger, `r${round}`, await takeLease(harness, ledger, 0));
          for (const next of steps) await player.play(next);
          await player.drain();
        }),
        { numRuns: 25 },
      );
    });
  });
}

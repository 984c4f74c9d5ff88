/** The simulation against what queueing theory says, and the sizing model against the simulation. */
import assert from 'node:assert/strict';
import { sizingSection } from '../../bench/sizing';
import { costsFrom } from '../../bench/sizing/costs';
import { drainForecast, firstToSaturate, planFor, simulate, utilisation } from '../../bench/sizing/model';
import {
  exponential,
  GroupCommit,
  LaneQueue,
  mean,
  Pool,
  Simulation,
  type Station,
  seeded,
} from '../../bench/sizing/simulation';
import { readProject } from '../support';

/** Jobs come as `gap` says; answers how long they waited on average, the first tenth left out. */
function meanWait(
  make: (simulation: Simulation, random: () => number) => Station,
  gap: (random: () => number) => number,
): number {
  const simulation = new Simulation();
  const random = seeded(7);
  const station = make(simulation, random);
  let left = 200_000;
  const next = () => {
    if (left === 0) return;
    left -= 1;
    simulation.after(gap(random), () => {
      station.arrive(() => undefined);
      next();
    });
  };
  next();
  simulation.run();
  return mean(station.waits.slice(station.waits.length / 10));
}

const within = (actual: number, expected: number, share: number) =>
  assert.ok(
    Math.abs(actual - expected) <= share * expected,
    `${actual} is not within ${share * 100} % of ${expected}`,
  );

/** Erlang C: the mean wait of M/M/c. */
function erlangWait(arrivals: number, mu: number, servers: number): number {
  const load = arrivals / mu;
  let blocking = 1;
  for (let server = 1; server <= servers; server += 1)
    blocking = (load * blocking) / (server + load * blocking);
  const waits = (servers * blocking) / (servers - load * (1 - blocking));
  return waits / (servers * mu - arrivals);
}

describe('the simulation', () => {
  const poisson = (rate: number) => (random: () => number) => exponential(1 / rate, random);

  for (const load of [0.5, 0.8])
    it(`waits as M/M/1 does at ${load} of its capacity`, () => {
      const wait = meanWait(
        (simulation, random) => new Pool(simulation, 1, () => exponential(1, random)),
        poisson(load),
      );
      within(wait, load / (1 - load), 0.06);
    });

  it('waits as M/D/1 does (Pollaczek-Khinchine): half of it', () => {
    const wait = meanWait((simulation) => new Pool(simulation, 1, () => 1), poisson(0.8));
    within(wait, 0.8 / (2 * (1 - 0.8)), 0.06);
  });

  it('waits as M/M/c does (Erlang C)', () => {
    const wait = meanWait(
      (simulation, random) => new Pool(simulation, 4, () => exponential(1, random)),
      poisson(3.2),
    );
    within(wait, erlangWait(3.2, 1, 4), 0.06);
  });

  it('never waits as D/D/c below its capacity', () => {
    assert.ok(
      meanWait(
        (simulation) => new Pool(simulation, 2, () => 1.9),
        () => 1,
      ) < 1e-9,
    );
  });

  it('waits in a lane as M/D/1 does, where the rate is what limits', () => {
    const limits = { ratePerSecond: 1, concurrency: 1_000 };
    within(
      meanWait((simulation) => new LaneQueue(simulation, limits, () => 0.1), poisson(0.8)),
      2,
      0.06,
    );
  });

  it('waits in a lane as M/M/c does, where places are what limits', () => {
    const limits = { ratePerSecond: 1e6, concurrency: 4 };
    const wait = meanWait(
      (simulation, random) => new LaneQueue(simulation, limits, () => exponential(1, random)),
      poisson(3.2),
    );
    within(wait, erlangWait(3.2, 1, 4), 0.06);
  });

  it('shares a sync among all that came meanwhile: ten times the load waits no ten times as long', () => {
    const cost = { sync: 1, each: 0.001, most: 1_000 };
    const waits = [2, 20].map((rate) =>
      meanWait((simulation) => new GroupCommit(simulation, cost), poisson(rate)),
    );
    assert.ok((waits[1] ?? 0) < 1.1 * (waits[0] ?? 0));
    // Who comes during a sync waits for the rest of it: half of it on average when there always is one.
    within(waits[1] ?? 0, (cost.sync + 20 * cost.each) / 2, 0.06);
  });

  it('does the same again with the same seed', () => {
    const wait = () =>
      meanWait((simulation, random) => new Pool(simulation, 1, () => exponential(1, random)), poisson(0.5));
    assert.equal(wait(), wait());
  });
});

describe('the sizing model', () => {
  const costs = { accept: 0.001, run: 0.004, ledger: 0.0002 };
  const demand = {
    ...{ eventsPerSecond: 500, caseShare: 0.02, erpCalls: 2 },
    ...{ erpRate: 50, erpConcurrency: 25, erpLatency: 0.2 },
  };
  const plan = planFor(demand, costs, 0.7);

  it('plans the fewest processes that are not too busy', () => {
    assert.deepEqual(plan, { ingress: 1, workers: 3 });
    assert.ok(utilisation(demand, costs, plan).workers <= 0.7);
    assert.ok(utilisation(demand, costs, { ...plan, workers: 2 }).workers > 0.7);
  });

  it('is as busy in the simulation as on paper', () => {
    const seen = simulate(demand, costs, plan, { seconds: 120, seed: 3 });
    const paper = utilisation(demand, costs, plan);
    for (const part of ['intake', 'workers', 'erp lane'] as const) within(seen.busy[part], paper[part], 0.08);
    assert.ok(seen.busy.ledger >= paper.ledger, 'syncs come on top of the work');
  });

  it('names the part that saturates first', () => {
    assert.equal(firstToSaturate(utilisation({ ...demand, erpRate: 10 }, costs, plan)), 'erp lane');
    assert.equal(
      firstToSaturate(utilisation({ ...demand, caseShare: 0 }, costs, { ingress: 9, workers: 1 })),
      'workers',
    );
  });

  it('tells how long a burst takes to drain within a fifth, and drops nothing', () => {
    const calm = { ...demand, eventsPerSecond: 50, erpRate: 1_000, erpConcurrency: 1_000 };
    const few = { ingress: 2, workers: 1 };
    const seen = simulate(calm, costs, few, { seconds: 400, burst: { factor: 20, seconds: 60 }, seed: 4 });
    const load = calm.eventsPerSecond * (1 + calm.caseShare);
    within(seen.drainSeconds, drainForecast(seen.backlogAtBurstEnd, few.workers / costs.run, load), 0.2);
    assert.ok(seen.backlogAtBurstEnd > 10_000);
    assert.equal(drainForecast(1, 1, 2), Number.POSITIVE_INFINITY);
  });
});

describe('the section of bench/RESULTS.md', () => {
  const results = readProject('bench/RESULTS.md');

  it('reads what was measured, and says what is missing', () => {
    const { accept, run, ledger } = costsFrom(results);
    for (const cost of [accept, run, ledger]) assert.ok(cost > 0 && cost < 0.05, String(cost));
    assert.throws(() => costsFrom(''), /npm run bench end-to-end first/);
  });

  it('stands there as the model makes it of the costs that stand there', () => {
    assert.ok(results.includes(sizingSection(results).trim()), 'run npm run bench sizing again');
  });
});
